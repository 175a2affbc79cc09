/**
 * Logging in. An institution lets somebody in at once, refuses, asks more, or sends them to a page of its own. Whatever
 * takes more than one step is an attempt, which goes on under its ref, one step at a time; a step taken again has the
 * same answer. What is opened is an access; logging in to one again opens the same, with the same accounts.
 */
import type { Ask, ChallengeAnswer, LoginAttempt, LoginRefusal, LoginStep, LoginVisit } from '../../port.js'
import { ownerOf, type Town } from '../people.js'
import { type Claim, type Counter, customerBehind } from './customers.js'
import type { Bank, Banks } from './points.js'
import { challengesOf, judge, type Round } from './questions.js'
import { type Script, scriptOf } from './scripts.js'
import * as store from './store.js'

export interface LoginDesk extends Counter {
  readonly banks: Banks
  /** Where the institution's own page for an attempt is. */
  pageUrl(attempt: { readonly realm: string; readonly attemptRef: string }): string
}

/** As it is sealed with an attempt. */
interface AttemptClaim extends Omit<Claim, 'userName' | 'variant'> {
  readonly returnUrl: string | null
  readonly accessRef: string | null
  /** Null until it was said. */
  readonly userName: string | null
  readonly variant: Claim['variant']
}

export async function login(desk: LoginDesk, ask: Ask, attempt: LoginAttempt): Promise<LoginStep> {
  const { town, banks } = desk
  const bank = banks.bank(attempt.institutionSlug)
  if (!bank) return refused('institution_down')
  const fault = await store.findFault(town.db, ask.realm, attempt.institutionSlug)
  if (fault) return refused(fault)
  const { loginKind } = bank.point
  const claim = claimOf(attempt)
  if (loginKind === 'oauth') return begun(desk, ask, { bank, claim, rounds: null })
  if (loginKind === 'instant') return opened(desk, ask, { bank, claim: { ...claim, userName: '' } })
  const said = saidTo(bank, attempt.credentials)
  const script = scriptOf(said)
  if (script.refusal) return refused(script.refusal)
  const known = claimAs(claim, said.userName, script)
  const rounds = roundsOf(script)
  return rounds.length > 0
    ? begun(desk, ask, { bank, claim: known, rounds })
    : opened(desk, ask, { bank, claim: known })
}

/** Answers that belong to no open question change nothing and get the question again. */
export async function continueLogin(
  desk: LoginDesk,
  ask: Ask,
  { attemptRef, answers }: { readonly attemptRef: string; readonly answers: readonly ChallengeAnswer[] },
): Promise<LoginStep> {
  const at = { realm: ask.realm, ref: attemptRef }
  let isAskedAgain = false
  const attempt = await store.moveAttempt(desk.town.db, at, async (current, tx) => {
    const town = { ...desk.town, db: tx }
    if (isOver(current)) return current
    if (isLate(current, ask)) return { ...current, refusal: 'challenge_expired' }
    const [round, ...left] = current.rounds ?? []
    if (!round) return current
    const judgement = judge(attemptRef, round, answers)
    if (judgement.kind === 'unanswered') return current
    if (judgement.kind === 'asked_again') {
      isAskedAgain = true
      return { ...current, waitsSince: ask.at }
    }
    if (judgement.kind === 'refused') return { ...current, refusal: judgement.reason }
    const more = judgement.kind === 'asked' ? judgement.rounds : left.map(({ names }) => names)
    if (more.length > 0) return { ...current, rounds: numbered(more, round.number + 1), waitsSince: ask.at }
    return { ...current, ...(await outcome({ ...desk, town }, ask, current)) }
  })
  if (!attempt) return refused('challenge_expired')
  const step = stepOf(desk, ask, attempt)
  return step.kind === 'challenged' ? { ...step, isAskedAgain } : step
}

/** What the consumer does at the institution's own page; false when nobody is awaited there. */
export async function visit(
  desk: LoginDesk,
  ask: Ask,
  { attemptRef, visit: done }: { readonly attemptRef: string; readonly visit: LoginVisit },
): Promise<boolean> {
  let isAwaited = false
  await store.moveAttempt(desk.town.db, { realm: ask.realm, ref: attemptRef }, async (current, tx) => {
    const town = { ...desk.town, db: tx }
    isAwaited = isAtPage(current) && !isLate(current, ask)
    if (!isAwaited) return current
    if (done.kind === 'refused') return { ...current, refusal: done.reason }
    const script = scriptOf(done)
    if (script.refusal) return { ...current, refusal: script.refusal }
    const claim = claimAs(openClaim(town, ask, current), done.userName, script)
    const known = { ...current, waitsSince: ask.at, claimSealed: sealClaim(town, ask, { ref: attemptRef, claim }) }
    const rounds = roundsOf(script)
    return rounds.length > 0 ? { ...known, rounds } : { ...known, ...(await outcome({ ...desk, town }, ask, known)) }
  })
  return isAwaited
}

/** Whom the institution's page waits for; null when nobody. */
export async function awaitedAt(
  { town }: LoginDesk,
  ask: Ask,
  attemptRef: string,
): Promise<{ readonly institutionSlug: string; readonly returnUrl: string | null } | null> {
  const attempt = await store.findAttempt(town.db, ask.realm, attemptRef)
  if (!attempt || !isAtPage(attempt) || isLate(attempt, ask)) return null
  const { returnUrl } = openClaim(town, ask, attempt)
  return { institutionSlug: attempt.institutionSlug, returnUrl }
}

interface Login {
  readonly bank: Bank
  readonly claim: AttemptClaim
}

async function opened(counter: Counter, ask: Ask, login: Login): Promise<LoginStep> {
  return { kind: 'opened', accessRef: await open(counter, ask, login) }
}

async function open(counter: Counter, ask: Ask, { bank, claim }: Login): Promise<string> {
  const { town } = counter
  const { accessRef, customData, userName } = claim
  const before = accessRef === null ? null : await store.findAccess(town.db, ask.realm, accessRef)
  if (before && before.customer.institutionSlug === bank.point.institutionSlug && customData === null) {
    await store.reopenAccess(town.db, ask.realm, before.ref)
    return before.ref
  }
  const customer = await customerBehind(counter, ask, { bank, claim: { ...claim, userName: userName ?? '' } })
  const ref = town.secrets.freshRef()
  await store.recordAccess(town.db, ask, { ref, customerRef: customer.ref })
  return ref
}

async function begun(
  desk: LoginDesk,
  ask: Ask,
  { bank, claim, rounds }: Login & { readonly rounds: readonly Round[] | null },
): Promise<LoginStep> {
  const { town } = desk
  const ref = town.secrets.freshRef()
  const attempt: store.Attempt = {
    ref,
    institutionSlug: bank.point.institutionSlug,
    claimSealed: sealClaim(town, ask, { ref, claim }),
    rounds,
    accessRef: null,
    refusal: null,
    waitsSince: ask.at,
  }
  await store.recordAttempt(town.db, ask.realm, attempt)
  return stepOf(desk, ask, attempt)
}

/** What becomes of an attempt with nothing left to ask; an institution can have gone down meanwhile. */
async function outcome(
  desk: LoginDesk,
  ask: Ask,
  attempt: store.Attempt,
): Promise<Pick<store.Attempt, 'accessRef' | 'refusal'>> {
  const { town } = desk
  const bank = desk.banks.bank(attempt.institutionSlug)
  const fault = bank ? await store.findFault(town.db, ask.realm, attempt.institutionSlug) : 'institution_down'
  if (!bank || fault) return { accessRef: null, refusal: fault ?? 'institution_down' }
  return { accessRef: await open(desk, ask, { bank, claim: openClaim(town, ask, attempt) }), refusal: null }
}

function stepOf(desk: LoginDesk, { realm }: Ask, attempt: store.Attempt): LoginStep {
  const { ref: attemptRef, accessRef, refusal, rounds } = attempt
  if (accessRef !== null) return { kind: 'opened', accessRef }
  if (refusal !== null) return refused(refusal)
  const [round] = rounds ?? []
  if (round) return { kind: 'challenged', attemptRef, challenges: challengesOf(attemptRef, round), isAskedAgain: false }
  return { kind: 'redirected', attemptRef, url: desk.pageUrl({ realm, attemptRef }) }
}

const refused = (reason: LoginRefusal): LoginStep => ({ kind: 'refused', reason })

function isOver({ accessRef, refusal }: store.Attempt): boolean {
  return accessRef !== null || refusal !== null
}

function isAtPage(attempt: store.Attempt): boolean {
  return attempt.rounds === null && !isOver(attempt)
}

// contract: mx-connect/states §4, §5
const ANSWER_MINUTES = 5
const PAGE_MINUTES = 30

function isLate({ rounds, waitsSince }: store.Attempt, { at }: Ask): boolean {
  const minutes = rounds === null ? PAGE_MINUTES : ANSWER_MINUTES
  return Date.parse(at) - Date.parse(waitsSince) > minutes * 60_000
}

function roundsOf(script: Script): readonly Round[] {
  return numbered(script.rounds, 1)
}

function numbered(rounds: Script['rounds'], first: number): readonly Round[] {
  return rounds.map((names, index) => ({ number: first + index, names }))
}

/** The first field that is no secret is the user name, the first that is one the password. */
export function saidTo({ point }: Bank, credentials: LoginAttempt['credentials']) {
  const said = (isSecret: boolean) => {
    const field = point.fields.find((each) => each.isSecret === isSecret)
    return field ? (credentials[field.name] ?? '') : ''
  }
  return { userName: said(false).trim(), password: said(true) }
}

function claimOf({ consumerRef, phone, returnUrl, accessRef, customData }: LoginAttempt): AttemptClaim {
  return { consumerRef, phone, returnUrl, accessRef, customData, userName: null, variant: 'own' }
}

function claimAs(claim: AttemptClaim, userName: string, { variant, customData }: Script): AttemptClaim {
  return { ...claim, userName, variant, customData: customData ?? claim.customData }
}

function sealClaim(
  { secrets }: Town,
  { realm }: Ask,
  { ref, claim }: { readonly ref: string; readonly claim: AttemptClaim },
): string {
  return secrets.seal(JSON.stringify(claim), ownerOf(realm, ref))
}

function openClaim({ secrets }: Town, { realm }: Ask, { ref, claimSealed }: store.Attempt): AttemptClaim {
  return JSON.parse(secrets.open(claimSealed, ownerOf(realm, ref))) as AttemptClaim
}
