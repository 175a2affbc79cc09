/**
 * How the page tells what happens in it: to the page that embeds it, by messages, or to a web view, by navigations to
 * addresses of no real scheme. Nothing is listened to. Contract: method/entities §12.6; abuse test A19.
 */
import type { Message } from './server.js'

declare global {
  interface Window {
    readonly ReactNativeWebView?: { postMessage(text: string): void }
  }
}

export interface Channel {
  tell(messages: readonly Message[]): void
}

/** What a web view is told; the steps are for pages. */
const REDIRECTED = ['open', 'error', 'success', 'exit']
// A navigation that begins before the one before it was looked at takes its place.
const REDIRECT_PAUSE_MS = 60

/** `framers` are the origins that may embed the page, as the server says. */
export function openChannel(query: URLSearchParams, framers: readonly string[]): Channel {
  return query.get('event_channel') === 'message' ? messageChannel(framers) : redirectChannel()
}

function messageChannel(framers: readonly string[]): Channel {
  const targets = targetsAmong(framers, window.location.ancestorOrigins?.[0] ?? originOf(document.referrer))
  return {
    tell(messages) {
      for (const message of messages) {
        window.ReactNativeWebView?.postMessage(JSON.stringify(message))
        if (window.parent === window) continue
        // A browser hands a message only to the origin that it is for.
        for (const target of targets) window.parent.postMessage(message, target)
      }
    },
  }
}

/**
 * The embedding page's origin, where the browser tells it and it may embed the page; else every origin that may. A rehearsal
 * may be embedded by any port of its machine: then nobody is told where the browser does not say whom. Never everybody.
 */
export function targetsAmong(framers: readonly string[], told: string | null): readonly string[] {
  if (told !== null && framers.some((framer) => matches(framer, told))) return [told]
  return framers.filter((framer) => !framer.endsWith(':*'))
}

function matches(framer: string, origin: string): boolean {
  if (!framer.endsWith(':*')) return framer === origin
  const host = framer.slice(0, -':*'.length)
  return origin === host || (origin.startsWith(`${host}:`) && /^\d+$/.test(origin.slice(host.length + 1)))
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null
}

function redirectChannel(): Channel {
  let last = Promise.resolve()
  return {
    tell(messages) {
      for (const message of messages) {
        if (!REDIRECTED.includes(message.type)) continue
        last = last.then(() => redirect(message))
      }
    },
  }
}

async function redirect({ type, payload }: Message): Promise<void> {
  const source = type === 'success' ? payload.element_type : 'general'
  const members = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  window.location.href = `methodelements://${source}?${new URLSearchParams(members)}`
  await new Promise((resolve) => setTimeout(resolve, REDIRECT_PAUSE_MS))
}
