/**
 * The way of a person through the page. It asks the back end, shows what comes of it, and tells the app. Nothing that was
 * typed is kept here. Contract: moneykit/connect §6.
 */
import { type Backend, Failure } from './backend.js'
import type { Journal } from './journal.js'
import type { Launcher, ShownError } from './launcher.js'
import { messageFor, texts } from './texts.js'
import { answerEvents, answersName, screenName, type View, type Way } from './views.js'
import type { Done, Institution, Offer, OfferedInstitution, Product, Session, Step } from './wire.js'

export interface FlowParts {
  readonly backend: Backend
  readonly launcher: Launcher
  readonly journal: Journal
  readonly origin: string
  /** Null where the token is nobody's, or the session is over. */
  readonly session: Session | null
  /** Opens a window; null where that is not allowed. */
  readonly openWindow: (url: string) => Window | null
  /** Leaves for an address, all of the window that the page is in. */
  readonly leaveFor: (url: string) => void
}

export interface Flow {
  view(): View
  subscribe(listener: () => void): () => void
  readonly actions: Actions
}

export interface Actions {
  pick(institution: OfferedInstitution): void
  acceptAlert(institution: OfferedInstitution): void
  dismissAlert(): void
  toFinder(): void
  connectManually(): void
  logIn(credentials: Readonly<Record<string, string>>): void
  toLogin(): void
  visit(): void
  /** Back from an institution by this address. */
  comeBack(redirectUrl: string): Promise<boolean>
  /** The window of the institution was closed. */
  windowClosed(): void
  answer(answers: readonly { readonly id: string; readonly value: string }[]): void
  allow(products: readonly Product[]): void
  toPermissions(): void
  grant(accounts: readonly string[]): void
  retry(): void
  finish(): void
  leave(): void
  /** Whether leaving would lose something. */
  asksBeforeLeaving(): boolean
  event(name: string): void
  /** Where the person is by the back end's word. */
  resume(step: Step | null): void
  fail(error: unknown): void
  goElsewhere(): void
  popup(): Window | null
}

export function openFlow(parts: FlowParts): Flow {
  const { backend, launcher, journal, session } = parts
  const listeners = new Set<() => void>()
  let view: View = { at: 'connecting', institution: null }
  let institution: Institution | null = session?.institution ?? null
  let products: readonly Product[] = []
  let done: Done | null = null
  let lastError: ShownError | null = null
  let hasLoggedIn = false
  let hasLeft = false
  let again: (() => void) | null = null
  let popup: Window | null = null
  // Only the answer to the newest request counts.
  let turn = 0

  const show = (next: View) => {
    const name = screenName(next)
    const isNews = name !== screenName(view) || (next.at === 'answers' && next !== view)
    view = next
    if (name !== null && isNews) journal.screen(name)
    for (const listener of listeners) listener()
  }
  const settle = (chosen: Institution | null) => {
    institution = chosen
    journal.institution(chosen)
  }
  const isSettled = session?.is_institution_settled ?? true
  const tellError = (id: string, requestId: string | null): ShownError => {
    const message = messageFor(id, institution?.name ?? null)
    lastError = { error_id: id, displayed_message: message, request_id: requestId }
    journal.error(lastError)
    return lastError
  }
  const showError = (id: string, requestId: string | null, ways: readonly Way[]) => {
    const error = tellError(id, requestId)
    show({ at: 'error', error, ways })
  }
  const fail = (error: unknown, retry: (() => void) | null) => {
    if (!(error instanceof Failure)) throw error
    if (error.id === 'wrong_step') return void reopen()
    again = retry
    const isOver = error.id.startsWith('session_')
    showError(error.id, error.requestId, isOver || !retry ? ['close'] : ['retry', 'close'])
  }
  /** Does something of the back end while the page waits, and shows what it says. */
  const go = <Said>(ask: () => Promise<Said>, then: (said: Said) => void) => {
    const mine = ++turn
    const repeat = () => go(ask, then)
    show({ at: 'connecting', institution })
    ask().then(
      (said) => {
        if (mine === turn && !hasLeft) then(said)
      },
      (error: unknown) => {
        if (mine === turn && !hasLeft) fail(error, repeat)
      },
    )
  }
  const reopen = () =>
    go(
      () => backend.open(parts.origin),
      (opened) => {
        if (opened.institution) settle(opened.institution)
        resume(opened.step)
      },
    )
  const begin = (institutionId: string | null) => go(() => backend.choose(institutionId), showStep)
  const logIn = (credentials: Readonly<Record<string, string>>) => go(() => backend.logIn(credentials), showStep)
  const resume = (step: Step | null) => {
    if (step) return showStep(step)
    if (isSettled) return begin(null)
    show({ at: 'finder' })
  }

  function showStep(step: Step): void {
    if (step.kind === 'log_in') settle(step.institution)
    if (!institution) throw new Error('A step of a login has an institution.')
    switch (step.kind) {
      case 'log_in':
        // At a page of the institution's own, or nowhere, nothing is typed here.
        if (step.institution.login_kind === 'credentials') showCredentials(step, null)
        else logIn({})
        break
      case 'visit':
        show({ at: 'oauth', institution, url: step.url, isOpen: false, notice: null, mayGoBack: !isSettled })
        break
      case 'answer':
        show({ at: 'answers', institution, challenges: step.challenges })
        break
      case 'choose':
        showOffer(institution, step)
        break
      case 'failed':
        showFailure(institution, step)
        break
    }
  }

  function showCredentials(step: Extract<Step, { kind: 'log_in' }>, error: ShownError | null): void {
    const { institution: at, fields } = step
    show({ at: 'credentials', institution: at, fields, error, mayGoBack: !isSettled })
  }

  function showOffer(at: Institution, offer: Offer): void {
    lastError = null
    products = offer.products.map(({ product }) => product)
    // On a relink only what is new is asked for.
    const asksProducts = session?.link_type !== 'relink' || offer.products.length > 0
    show(
      asksProducts
        ? { at: 'permissions', institution: at, offer }
        : { at: 'accounts', institution: at, offer, error: null, mayGoBack: false },
    )
  }

  function showFailure(at: Institution, step: Extract<Step, { kind: 'failed' }>): void {
    const isSlip = ['invalid_credentials', 'user_input_incorrect', 'user_error'].includes(step.error_id)
    if (isSlip && at.login_kind === 'credentials') {
      backToLogin(at, step)
      return
    }
    again = () => begin(at.id)
    const ways: Way[] = [
      ...(step.may_retry ? (['retry'] as const) : []),
      ...(isSettled ? [] : (['another_institution'] as const)),
      'close',
    ]
    showError(step.error_id, step.request_id, ways)
  }

  /** What was wrong is said where it can be typed again. */
  function backToLogin(at: Institution, failed: Extract<Step, { kind: 'failed' }>): void {
    const error = tellError(failed.error_id, failed.request_id)
    go(
      () => backend.choose(at.id),
      (step) => (step.kind === 'log_in' ? showCredentials(step, error) : showStep(step)),
    )
  }

  function choose(picked: OfferedInstitution): void {
    lastError = null
    settle(picked)
    journal.event('select_institution', { institution_id: picked.id, institution_name: picked.name })
    begin(picked.id)
  }

  function leave(): void {
    if (hasLeft) return
    if (done) {
      finish()
      return
    }
    hasLeft = true
    popup?.close()
    journal.event('exit')
    launcher.send('link.exit', { error: lastError })
  }

  function finish(): void {
    if (hasLeft || !done) return
    hasLeft = true
    journal.event('success')
    const linked = { ...done.institution, trackedScreens: journal.seen() }
    const { exchangeable_token: exchangeableToken, link_id } = done
    if (exchangeableToken === null) launcher.send('relink.complete', { institution: linked, link_id })
    else launcher.send('link.complete', { exchangeableToken, institution: linked, link_id })
  }

  function grant(accounts: readonly string[]): void {
    const at = institution
    if (!at) return
    journal.event('submit_accounts')
    go(
      () => backend.grant({ accounts, products }),
      (said) => {
        done = said
        show({ at: 'success', institution: at })
      },
    )
  }

  const actions: Actions = {
    pick(picked) {
      if (session?.features.warn_of_duplicates && picked.is_connected) return show({ at: 'alert', institution: picked })
      choose(picked)
    },
    acceptAlert(picked) {
      journal.event('acknowledge_institution_alert')
      choose(picked)
    },
    dismissAlert() {
      journal.event('dismiss_institution_alert')
      show({ at: 'finder' })
    },
    toFinder() {
      popup?.close()
      settle(null)
      lastError = null
      show({ at: 'finder' })
    },
    connectManually() {
      journal.event('connect_manually')
      lastError = null
      leave()
    },
    logIn(credentials) {
      hasLoggedIn = true
      journal.event('submit_credentials')
      logIn(credentials)
    },
    toLogin() {
      if (institution) begin(institution.id)
    },
    visit() {
      if (view.at !== 'oauth') return
      hasLoggedIn = true
      popup?.close()
      popup = parts.openWindow(view.url)
      journal.event('open_oauth')
      if (popup) return show({ ...view, isOpen: true, notice: null })
      parts.leaveFor(view.url)
    },
    async comeBack(redirectUrl) {
      if (view.at !== 'oauth') return false
      popup?.close()
      popup = null
      go(() => backend.comeBack(redirectUrl), showStep)
      return true
    },
    windowClosed() {
      if (view.at !== 'oauth' || !view.isOpen) return
      show({ ...view, isOpen: false, notice: texts.oauth.closed })
    },
    answer(answers) {
      if (view.at !== 'answers') return
      hasLoggedIn = true
      journal.event(answerEvents[answersName(view.challenges)])
      go(() => backend.answer(answers), showStep)
    },
    allow(allowed) {
      if (view.at !== 'permissions') return
      products = allowed
      journal.event('submit_permissions')
      show({ at: 'accounts', institution: view.institution, offer: view.offer, error: null, mayGoBack: true })
    },
    toPermissions() {
      if (view.at === 'accounts') show({ at: 'permissions', institution: view.institution, offer: view.offer })
    },
    grant,
    retry() {
      again?.()
    },
    finish,
    leave,
    asksBeforeLeaving: () => hasLoggedIn && !done && view.at !== 'error',
    event: (name) => journal.event(name),
    resume,
    fail: (error) => fail(error, null),
    goElsewhere: () => show({ at: 'elsewhere' }),
    popup: () => popup,
  }
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    actions,
  }
}
