/** The page: shows the screen that the server names, and tells the server what the person did on it. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button, Notice, Waiting } from '../ui/controls.js'
import { Screen as Frame } from '../ui/screen.js'
import { Accounts, Proof } from './account-screens.js'
import { Consent, Intro, PhoneCode, Questions } from './auth-screens.js'
import type { Channel } from './channel.js'
import { Address, Dob, Name, Phone, Ssn4 } from './detail-screens.js'
import { AuthFailure, AuthSuccess, Ended, Finished, Trouble } from './end-screens.js'
import type { Words } from './i18n.js'
import { type Action, type Answer, type Flaw, type Screen, type Server, type Step, Unanswered } from './server.js'
import { Sheet } from './sheet.js'
import { StageProvider } from './stage.js'

export const SCREENS: Readonly<Record<Step, () => React.ReactNode>> = {
  intro: Intro,
  name: Name,
  phone: Phone,
  phone_code: PhoneCode,
  dob: Dob,
  address: Address,
  ssn4: Ssn4,
  questions: Questions,
  consent: Consent,
  auth_success: AuthSuccess,
  auth_failure: AuthFailure,
  accounts: Accounts,
  account: Proof,
  success: Finished,
  empty: Finished,
  error: Trouble,
}

// A person waits this long before they wonder.
const SLOW_MS = 6_000

type View =
  | { readonly kind: 'opening' }
  | { readonly kind: 'flow'; readonly screen: Screen }
  | { readonly kind: 'expired' | 'refused' | 'over' }

export interface PageProps {
  readonly server: Server
  readonly channel: Channel
  readonly words: Words
}

export function ElementsPage({ server, channel, words }: PageProps) {
  const { t } = words
  const [view, setView] = useState<View>({ kind: 'opening' })
  const [isBusy, setBusy] = useState(true)
  const [isSlow, setSlow] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const [flaw, setFlaw] = useState<Flaw | null>(null)
  /** What was not answered, to be asked again. */
  const [unanswered, setUnanswered] = useState<(() => void) | null>(null)
  const isOnline = useOnline()

  const take = useCallback(
    (answer: Answer) => {
      channel.tell(answer.messages)
      setFlaw(answer.flaw ?? null)
      if (answer.failure !== undefined) {
        setView({ kind: answer.failure.startsWith('element.') ? 'expired' : 'refused' })
      } else if (answer.screen) setView({ kind: 'flow', screen: answer.screen })
      else if (!answer.flaw) setView({ kind: 'over' })
    },
    [channel],
  )
  const ask = useCallback(
    async (question: () => Promise<Answer>) => {
      setBusy(true)
      setUnanswered(null)
      const slow = setTimeout(() => setSlow(true), SLOW_MS)
      try {
        take(await question())
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error
        setUnanswered(() => () => void ask(question))
      } finally {
        clearTimeout(slow)
        setSlow(false)
        setBusy(false)
      }
    },
    [take],
  )
  const send = useCallback((action: Action) => void ask(() => server.act(action)), [ask, server])
  const look = useCallback(() => void ask(() => server.look()), [ask, server])

  // React may run an effect twice; a token opens once.
  const isOpened = useRef(false)
  useEffect(() => {
    if (isOpened.current) return
    isOpened.current = true
    void ask(() => server.open())
  }, [ask, server])
  // Only when the connection comes back; otherwise the person decides.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (isOnline) unanswered?.()
  }, [isOnline])

  const problem = !isOnline ? (
    <Notice kind="warning">{t('problem.offline')}</Notice>
  ) : unanswered ? (
    <div className="problem">
      <Notice kind="error">{t('problem.unanswered')}</Notice>
      <Button kind="secondary" onClick={unanswered}>
        {t('action.retry')}
      </Button>
    </div>
  ) : isSlow ? (
    <Notice>{t('wait.working')}</Notice>
  ) : null

  if (view.kind === 'opening') {
    return (
      <Frame name="opening" title={t('wait.opening')}>
        {problem ?? <Waiting label={t('wait.opening')} />}
      </Frame>
    )
  }
  if (view.kind !== 'flow') return <Ended words={words} kind={view.kind} />
  const { screen } = view
  const Current = SCREENS[screen.step]
  const isEnd = screen.step === 'auth_failure'
  const leave = () => (isEnd ? send({ type: 'exit' }) : setLeaving(true))
  return (
    <StageProvider value={{ words, screen, isBusy, flaw, send, look, leave, problem }}>
      <Current key={screen.step} />
      <Sheet
        title={t('leave.title')}
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        closeLabel={t('action.stay')}
        other={{
          label: t('action.leave'),
          onClick: () => {
            setLeaving(false)
            send({ type: 'exit' })
          },
        }}
      >
        <p>{t('leave.lead')}</p>
      </Sheet>
    </StageProvider>
  )
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const update = () => setOnline(navigator.onLine)
    window.addEventListener('online', update)
    window.addEventListener('offline', update)
    return () => {
      window.removeEventListener('online', update)
      window.removeEventListener('offline', update)
    }
  }, [])
  return isOnline
}
