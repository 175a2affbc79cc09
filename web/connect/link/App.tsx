/** The overlay, the frame of the page, and in it the screen that the flow is at. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from '../ui/controls.js'
import type { Backend } from './backend.js'
import type { Flow } from './flow.js'
import type { Journal } from './journal.js'
import type { Looks } from './looks.js'
import { PicturesOf, Sheet } from './parts.js'
import { Report } from './Report.js'
import { Accounts } from './screens/Accounts.js'
import { Answers } from './screens/Answers.js'
import { Connecting, Elsewhere, Failed, Success } from './screens/Ends.js'
import { Finder } from './screens/Finder.js'
import { Alert, Credentials, OAuth } from './screens/Login.js'
import { Permissions } from './screens/Permissions.js'
import { texts } from './texts.js'
import { screenName } from './views.js'
import type { Session } from './wire.js'

export interface AppProps {
  readonly flow: Flow
  readonly backend: Backend
  readonly journal: Journal
  readonly looks: Looks
  readonly session: Session | null
  readonly applicationName: string
  readonly device: string
  readonly isDirect: boolean
}

export function App(props: AppProps) {
  const { flow, looks } = props
  const view = useSyncExternalStore(flow.subscribe, flow.view)
  useSyncExternalStore(looks.subscribe, looks.version)
  const [isLeaving, setLeaving] = useState(false)
  const [isReporting, setReporting] = useState(false)
  const mayReport = props.session?.features.report_issues && view.at !== 'success' && view.at !== 'elsewhere'
  const institution = 'institution' in view ? view.institution : null
  useEffect(() => {
    looks.wishInstitutionColor(institution && { light: institution.color, dark: institution.color_dark })
  }, [looks, institution])
  const onClose = () => {
    if (flow.actions.asksBeforeLeaving()) setLeaving(true)
    else flow.actions.leave()
  }
  return (
    <div className="overlay" data-direct={props.isDirect} data-device={deviceOf(props.device)}>
      <div className="modal" role="dialog" aria-modal="true" aria-label={texts.finder.title}>
        <div className="modal-page" inert={isLeaving || isReporting}>
          <PicturesOf value={looks.picture}>
            <CurrentScreen {...props} onClose={onClose} />
          </PicturesOf>
        </div>
        {mayReport ? (
          <button type="button" className="report" inert={isLeaving || isReporting} onClick={() => setReporting(true)}>
            {texts.report.open}
          </button>
        ) : null}
        {isReporting ? (
          <Report backend={props.backend} screen={screenName(view) ?? view.at} onDone={() => setReporting(false)} />
        ) : null}
        {isLeaving ? (
          <Sheet title={texts.leave.title} onDismiss={() => setLeaving(false)}>
            <p>{texts.leave.text}</p>
            <Button onClick={() => setLeaving(false)}>{texts.leave.stay}</Button>
            <Button kind="secondary" onClick={flow.actions.leave}>
              {texts.leave.leave}
            </Button>
          </Sheet>
        ) : null}
      </div>
    </div>
  )
}

function deviceOf(device: string): 'mobile' | 'desktop' | 'any' {
  if (device.startsWith('mobile')) return 'mobile'
  return device === 'desktop' ? 'desktop' : 'any'
}

function CurrentScreen({
  flow,
  backend,
  journal,
  looks,
  session,
  applicationName,
  onClose,
}: AppProps & { readonly onClose: () => void }) {
  const { actions } = flow
  const view = flow.view()
  const common = { actions, onClose, applicationName, goOn: looks.text('components.button.continueTitle') }
  switch (view.at) {
    case 'finder':
      return (
        <Finder
          {...common}
          backend={backend}
          journal={journal}
          looks={looks}
          mayConnectManually={session?.features.connect_manually ?? false}
        />
      )
    case 'alert':
      return <Alert {...common} view={view} />
    case 'credentials':
      return <Credentials {...common} view={view} key={view.error?.request_id ?? view.institution.id} />
    case 'oauth':
      return <OAuth {...common} view={view} />
    case 'answers':
      return <Answers {...common} view={view} key={view.challenges.map(({ id }) => id).join()} />
    case 'connecting':
      return <Connecting {...common} view={view} />
    case 'permissions':
      return <Permissions {...common} view={view} />
    case 'accounts':
      return <Accounts {...common} view={view} />
    case 'success':
      return <Success {...common} view={view} doneTitle={looks.text('components.button.doneTitle')} />
    case 'error':
      return <Failed {...common} view={view} />
    case 'elsewhere':
      return <Elsewhere />
  }
}
