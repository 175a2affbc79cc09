import { useEffect, useState } from 'react'
import { Button, Field, Mark, Notice, SecretField, Waiting } from '../ui/controls.js'
import { Screen } from '../ui/screen.js'
import { type Deed, GOOD, type Host, MISHAPS, type Visit } from './visit.js'

type State =
  | { readonly at: 'opening' }
  | { readonly at: 'login' }
  | { readonly at: 'consent'; readonly deed: Deed }
  | { readonly at: 'leaving' }
  | { readonly at: 'done' }
  | { readonly at: 'nobody' }

export interface InstitutionProps {
  readonly visit: Visit
  /** Signs in and allows without a click; null where a person does. */
  readonly approvesAfterMs: number | null
}

export function Institution({ visit, approvesAfterMs }: InstitutionProps) {
  const [host, setHost] = useState<Host | null>(null)
  const [state, setState] = useState<State>({ at: 'opening' })
  const end = (deed: Deed) => {
    setState({ at: 'leaving' })
    visit.end(deed).then(
      (back) => {
        if (back) window.location.replace(back)
        else setState({ at: back === null ? 'done' : 'nobody' })
      },
      () => setState({ at: 'login' }),
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a visit begins once
  useEffect(() => {
    visit.host().then(
      (found) => {
        setHost(found)
        if (found) dress(found)
        setState({ at: found ? 'login' : 'nobody' })
        if (found && approvesAfterMs !== null) setTimeout(() => end(GOOD), approvesAfterMs)
      },
      () => setState({ at: 'nobody' }),
    )
  }, [])
  if (state.at === 'nobody') {
    return (
      <Screen
        name="nobody"
        title="There is nothing to do here"
        lead="This login was finished, or it took too long. Close this window and begin again in the app."
      />
    )
  }
  if (!host || state.at === 'opening' || state.at === 'leaving') {
    return (
      <Screen name="waiting" title={state.at === 'leaving' ? 'Taking you back' : 'One moment'}>
        <Waiting label="This takes only a moment." />
      </Screen>
    )
  }
  if (state.at === 'done') {
    return <Screen name="done" title="You are done here" lead="You can close this window and go back to the app." />
  }
  if (state.at === 'consent') return <Consent host={host} deed={state.deed} onEnd={end} />
  return <Login host={host} onDeed={(deed) => setState({ at: 'consent', deed })} onEnd={end} />
}

/** Each institution has its colour. */
function dress({ name, color, color_dark: colorDark }: Host): void {
  document.title = `Log in to ${name}`
  const root = document.documentElement
  root.style.setProperty('--accent', root.dataset.scheme === 'dark' ? colorDark : color)
  root.style.setProperty('--accent-hover', root.dataset.scheme === 'dark' ? colorDark : color)
}

interface LoginProps {
  readonly host: Host
  readonly onDeed: (deed: Deed) => void
  readonly onEnd: (deed: Deed) => void
}

function Login({ host, onDeed, onEnd }: LoginProps) {
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [isChecked, setChecked] = useState(false)
  const submit = () => {
    setChecked(true)
    if (userName.trim() !== '' && password !== '') onDeed({ kind: 'login', user_name: userName.trim(), password })
  }
  return (
    <Screen
      name="login"
      title={`Log in to ${host.name}`}
      lead="An app wants to read your accounts here. Log in to go on."
      emblem={<Mark name={host.name} src={host.mark} />}
      onSubmit={submit}
      foot={
        <>
          <Button type="submit">Log in</Button>
          <Button kind="secondary" onClick={() => onEnd({ kind: 'refused', reason: 'access_denied' })}>
            Cancel and go back
          </Button>
        </>
      }
    >
      <Field
        label="Username"
        value={userName}
        onValue={setUserName}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={500}
        error={isChecked && userName.trim() === '' ? 'Enter your username.' : null}
      />
      <SecretField
        label="Password"
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
        showLabel="Show"
        hideLabel="Hide"
        maxLength={500}
        error={isChecked && password === '' ? 'Enter your password.' : null}
      />
      <Notice>
        This bank is simulated: log in as <b>user_good</b> with the password <b>pass_good</b>.
      </Notice>
      <details className="mishaps">
        <summary>Let something else happen</summary>
        <div>
          <Button kind="quiet" onClick={() => onEnd(GOOD)}>
            Approve
          </Button>
          {MISHAPS.map(({ reason, label }) => (
            <Button key={reason} kind="quiet" onClick={() => onEnd({ kind: 'refused', reason })}>
              {label}
            </Button>
          ))}
        </div>
      </details>
    </Screen>
  )
}

interface ConsentProps {
  readonly host: Host
  readonly deed: Deed
  readonly onEnd: (deed: Deed) => void
}

const SHARED = [
  'Names, numbers and balances of your accounts',
  'Transactions, and investments where you have any',
  'Your name and contact details',
]

function Consent({ host, deed, onEnd }: ConsentProps) {
  return (
    <Screen
      name="consent"
      title="Share your accounts?"
      lead={`${host.name} will share this with the app, until you end it here or there.`}
      emblem={<Mark name={host.name} src={host.mark} />}
      onSubmit={() => onEnd(deed)}
      foot={
        <>
          <Button type="submit">Allow</Button>
          <Button kind="secondary" onClick={() => onEnd({ kind: 'refused', reason: 'access_denied' })}>
            Deny
          </Button>
        </>
      }
    >
      <ul className="shared">
        {SHARED.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Screen>
  )
}
