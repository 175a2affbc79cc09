/**
 * What happens in the widget is told to the page that holds or opened it, at the origin that the session names, or to the app
 * that shows it in a webview. Contract: mx-connect/widget-config §7.
 */
export function messenger({ config, ids, isDebugged }) {
  const heard = []
  if (isDebugged) window.__clearspan = { events: heard }
  return (event, data = {}) => {
    if (event.startsWith('connect/stepChange')) document.body.dataset.step = data.current
    const message = { mx: true, type: `mx/${event}`, metadata: { ...data, ...ids } }
    heard.push(message)
    if (config.is_mobile_webview) {
      const scheme = config.ui_message_webview_url_scheme ?? 'mx'
      window.location.href = `${scheme}://${event}?metadata=${encodeURIComponent(JSON.stringify(message.metadata))}`
      return
    }
    if (!config.target_origin) return
    for (const other of [window.parent, window.opener]) {
      if (other && other !== window) other.postMessage(message, config.target_origin)
    }
  }
}
