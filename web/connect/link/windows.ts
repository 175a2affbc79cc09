/**
 * The login at an institution's own page happens in another window. Its way back ends in a page of the app, which hands the
 * address over: to this window when it still knows it, otherwise to a second page of ours, which asks whether the first one is
 * still there. Contract: moneykit/connect §4.5.
 */
import type { Flow } from './flow.js'
import { type Launcher, resumeIn } from './launcher.js'
import type { Session, Step } from './wire.js'

interface WindowParts {
  readonly flow: Flow
  readonly session: Session & { readonly step: Step | null }
  readonly launcher: Launcher
  /** Of the page to which the app handed the address; null for one that begins. */
  readonly redirectUrl: string | null
}

type Word = { readonly kind: 'back'; readonly redirectUrl: string } | { readonly kind: 'taken' }

const LOOK_EVERY_MS = 400
// A window that is asleep does not answer, and the flow goes on in this one.
const TAKER_PATIENCE_MS = 400

export function watchOtherWindows(parts: WindowParts): void {
  const { flow, session, launcher, redirectUrl } = parts
  const { actions } = flow
  const channel = new BroadcastChannel(`link-${session.session_id}`)
  window.addEventListener('message', (message) => {
    const address = resumeIn(message, actions.popup(), session.redirect_origin)
    if (address !== null) void actions.comeBack(address)
  })
  setInterval(() => {
    if (actions.popup()?.closed) actions.windowClosed()
  }, LOOK_EVERY_MS)
  if (redirectUrl === null) {
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.kind !== 'back' || flow.view().at !== 'oauth') return
      channel.postMessage({ kind: 'taken' } satisfies Word)
      void actions.comeBack(data.redirectUrl)
    }
    actions.resume(session.step)
    return
  }
  const goOnHere = () => {
    channel.onmessage = null
    actions.resume(session.step)
    if (session.step?.kind === 'visit') void actions.comeBack(redirectUrl)
  }
  const late = setTimeout(goOnHere, TAKER_PATIENCE_MS)
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.kind !== 'taken') return
    clearTimeout(late)
    actions.goElsewhere()
    launcher.send('link.close_oauth', {})
  }
  channel.postMessage({ kind: 'back', redirectUrl } satisfies Word)
}
