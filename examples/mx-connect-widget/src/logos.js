const FOREIGN = 'https://content.moneydesktop.com/'
const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="100" height="100"%3E%3Crect width="100" height="100" rx="12" fill="%23d1d5db"/%3E%3C/svg%3E'

/**
 * The widget knows logos at a foreign host, and asks for a default one again and again when that fails. What it cannot load is
 * taken from here, once; nothing of it reaches the widget.
 */
export function guardLogos(baseUrl) {
  window.addEventListener(
    'error',
    (event) => {
      const image = event.target
      if (!(image instanceof HTMLImageElement) || !image.src.startsWith(FOREIGN)) return
      event.stopImmediatePropagation()
      const guid = /\/(INS-[^/]+)_100x100\.png$/.exec(decodeURI(image.src))?.[1]
      image.src = guid ? `${baseUrl}/logos/${guid}.svg` : PLACEHOLDER
    },
    true,
  )
}
