/**
 * The page of the launcher: finds out whose it is before it says anything to anybody, takes colours from the page around it,
 * and then runs the flow.
 */
import './link.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.js'
import { type Backend, backendFor, type Opened } from './backend.js'
import { openFlow } from './flow.js'
import { openJournal } from './journal.js'
import { launcherAt, type Parameters, readParameters } from './launcher.js'
import { openLooks } from './looks.js'
import { watchOtherWindows } from './windows.js'

// How long the launcher may take to say how the page shall look. Contract: moneykit/connect §4.3.
const WISH_PATIENCE_MS = 50

async function start(): Promise<void> {
  const parameters = readParameters(window.location)
  const backend = backendFor(parameters.token)
  const opened = await backend.open(parameters.origin).catch((error: unknown) => error)
  const isForbidden = opened instanceof Error && 'id' in opened && opened.id === 'origin_forbidden'
  // Whoever framed it is nobody of the session's: the page stays silent.
  if (isForbidden) return
  await run(parameters, backend, opened)
}

async function run(parameters: Parameters, backend: Backend, opened: unknown): Promise<void> {
  const launcher = launcherAt(parameters.origin)
  const looks = openLooks(document.documentElement)
  const heard = new Promise<void>((resolve) => {
    launcher.onWish({
      scheme: looks.wishScheme,
      theme(theme) {
        looks.wishTheme(theme)
        resolve()
      },
    })
  })
  launcher.send('connect.started', {})
  await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, WISH_PATIENCE_MS))])
  const session = opened instanceof Error ? null : (opened as Opened)
  const journal = openJournal(launcher, session)
  const flow = openFlow({
    backend,
    launcher,
    journal,
    origin: parameters.origin,
    session,
    openWindow: (url) => window.open(url, '_blank', 'popup,width=480,height=720'),
    leaveFor: (url) => {
      ;(window.top ?? window).location.href = url
    },
  })
  createRoot(document.getElementById('root') as HTMLElement).render(
    <App
      flow={flow}
      backend={backend}
      journal={journal}
      looks={looks}
      session={session}
      applicationName={parameters.applicationName || (session?.application_name ?? '')}
      device={parameters.device}
      isDirect={parameters.isDirect}
    />,
  )
  journal.event('open')
  if (!session) {
    flow.actions.fail(opened)
    return
  }
  journal.institution(session.institution)
  watchOtherWindows({ flow, session, launcher, redirectUrl: parameters.redirectUrl })
}

void start()
