/**
 * `window.Method`: opens an element over a customer's page and hands on what it tells. Options and behaviour are those of the
 * vendor's script; besides, `baseUrl` says where the page is, which otherwise is the server that this script came from.
 * Contract: method/entities §12.9.
 */

export interface ElementPayload {
  readonly op: string
  readonly element_type: string
  readonly [member: string]: unknown
}

export interface MethodOptions {
  readonly env?: 'dev' | 'sandbox' | 'production'
  /** The origin that serves the page, such as `http://localhost:4000`. */
  readonly baseUrl?: string
  /** `en`, `es` or `fr-CA`; otherwise the browser's. */
  readonly locale?: string
  readonly onEvent?: (event: MessageEvent) => void
  readonly onOpen?: (payload: ElementPayload) => void
  readonly onSuccess?: (payload: ElementPayload) => void
  readonly onError?: (payload: ElementPayload) => void
  readonly onExit?: (payload: ElementPayload) => void
}

const MODAL_ID = 'method-elements-modal-id'
const VENDOR_HOST = 'methodfi.com'
const ENVIRONMENTS = ['dev', 'sandbox', 'production']
const PAGE_PATH = '/connect/elements'
const NARROW = '(max-width: 576px)'

// Known only while the script runs for the first time.
const scriptUrl = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : ''

export class Method {
  private readonly options: MethodOptions
  private readonly origin: string
  private readonly page: string
  private frame: HTMLIFrameElement | null = null
  private close: (() => void) | null = null

  constructor(options: MethodOptions = {}) {
    this.options = options
    const { env = 'dev', baseUrl } = options
    if (ENVIRONMENTS.indexOf(env) < 0) throw new Error(`env must be one of ${ENVIRONMENTS.join(', ')}.`)
    const own = baseUrl ?? (scriptUrl && !isVendors(scriptUrl) ? scriptUrl : '')
    this.origin = own ? new URL(own, window.location.href).origin : `https://elements.${env}.${VENDOR_HOST}`
    this.page = `${this.origin}${own ? PAGE_PATH : '/'}`
  }

  /** Shows the element of a token; does nothing while one is shown. */
  open(token: string): void {
    if (document.getElementById(MODAL_ID)) return
    const { locale } = this.options
    const language = locale ? `&locale=${encodeURIComponent(locale)}` : ''
    const url = `${this.page}?token=${encodeURIComponent(token)}&event_channel=message${language}`
    const { overlay, frame } = overlayWith(url)
    const before = document.activeElement
    const listener = (event: MessageEvent) => this.hear(event)
    const narrow = window.matchMedia(NARROW)
    const resize = () => size(frame, narrow.matches)
    resize()
    narrow.addEventListener('change', resize)
    window.addEventListener('message', listener)
    document.body.appendChild(overlay)
    document.body.style.overflow = 'hidden'
    frame.focus()
    this.frame = frame
    this.close = () => {
      window.removeEventListener('message', listener)
      narrow.removeEventListener('change', resize)
      overlay.remove()
      document.body.style.overflow = 'inherit'
      this.frame = null
      this.close = null
      if (before instanceof HTMLElement) before.focus()
    }
  }

  private hear(event: MessageEvent): void {
    // Nobody but the element itself: not another frame of its server, nor a window that it opened.
    if (event.origin !== this.origin || event.source !== this.frame?.contentWindow) return
    const { onEvent, onOpen, onSuccess, onError, onExit } = this.options
    const { type, payload } = Object(event.data) as { type?: unknown; payload: ElementPayload }
    try {
      if (type === 'open') onOpen?.(payload)
      else if (type === 'success') onSuccess?.(payload)
      else if (type === 'error') onError?.(payload)
      else if (type === 'exit') onExit?.(payload)
    } finally {
      if (type === 'error' || type === 'exit') this.close?.()
      onEvent?.(event)
    }
  }
}

function isVendors(url: string): boolean {
  const { hostname } = new URL(url, window.location.href)
  return hostname === VENDOR_HOST || hostname.slice(-VENDOR_HOST.length - 1) === `.${VENDOR_HOST}`
}

function overlayWith(url: string): { overlay: HTMLElement; frame: HTMLIFrameElement } {
  const overlay = document.createElement('div')
  overlay.id = MODAL_ID
  overlay.setAttribute('role', 'dialog')
  overlay.setAttribute('aria-modal', 'true')
  overlay.setAttribute('aria-label', 'Method')
  Object.assign(overlay.style, {
    position: 'fixed',
    top: '0',
    left: '0',
    width: '100%',
    height: '100%',
    zIndex: '999999999',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    backgroundColor: 'rgba(128, 128, 128, 0.6)',
  })
  const frame = document.createElement('iframe')
  frame.src = url
  frame.title = 'Method'
  frame.style.border = '0'
  overlay.appendChild(frame)
  return { overlay, frame }
}

function size(frame: HTMLIFrameElement, isNarrow: boolean): void {
  Object.assign(frame.style, {
    width: isNarrow ? '100%' : '360px',
    height: isNarrow ? '100%' : '650px',
    maxHeight: '100%',
    borderRadius: isNarrow ? '0' : '16px',
  })
}

Object.assign(window, { Method })
