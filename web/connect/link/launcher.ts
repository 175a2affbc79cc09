/**
 * The launcher in the page around the frame, and the messages both ways. It hears nothing before its origin is known to be
 * one that the session allows, and is believed only from that origin and only as the direct parent.
 * Contract: moneykit/connect §4.
 */

export interface Parameters {
  readonly token: string
  readonly origin: string
  readonly applicationName: string
  readonly device: string
  readonly redirectUrl: string | null
  readonly isDirect: boolean
}

export function readParameters({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Parameters {
  const given = new URLSearchParams(search)
  return {
    token: given.get('linkSessionToken') ?? '',
    origin: given.get('origin') ?? '',
    applicationName: given.get('applicationName') ?? '',
    device: given.get('device') ?? '',
    redirectUrl: pathname === '/continue' ? (given.get('redirectURL') ?? '') : null,
    isDirect: given.get('viewMode') === 'direct',
  }
}

export interface ShownError {
  readonly error_id: string
  readonly displayed_message: string
  readonly request_id: string | null
}

export interface Launcher {
  send(type: string, data: object): void
  /** What the embedding page wants, whenever it says so; the last word counts. */
  onWish(wishes: { scheme(scheme: unknown): void; theme(theme: unknown): void }): void
}

export function launcherAt(origin: string): Launcher {
  return {
    send(type, data) {
      // Opened by itself, the page has nobody to tell.
      if (window.parent === window) return
      window.parent.postMessage({ moneykit: true, type, data }, origin)
    },
    onWish(wishes) {
      window.addEventListener('message', ({ source, origin: from, data: message }) => {
        if (source !== window.parent || from !== origin || !isRecord(message) || !('moneykit' in message)) return
        const data = isRecord(message.data) ? message.data : {}
        if (message.type === 'connect.set_color_scheme') wishes.scheme(data.colorScheme)
        if (message.type === 'connect.set_theme') wishes.theme(data.theme)
      })
    },
  }
}

/** The address that an app's page hands over after the login at an institution, if this is it. */
export function resumeIn(
  { source, origin, data }: MessageEvent,
  popup: Window | null,
  redirectOrigin: string,
): string | null {
  if (!popup || source !== popup || origin !== redirectOrigin || !isRecord(data)) return null
  if (!('moneykit' in data) || data.type !== 'link.resume' || !isRecord(data.eventData)) return null
  const { redirectURL } = data.eventData
  return typeof redirectURL === 'string' ? redirectURL : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
