/**
 * A run, carried out in the background: it looks where the consumer is, asks the institution while no transaction is open, and
 * writes what came of it, unless somebody gave other credentials meanwhile. It may run twice: what was open is gone on with.
 */
import { inTx } from '../../db/database.js'
import type { Task } from '../../jobs/task.js'
import { addMs } from '../clock/clock.js'
import {
  answerChallenges,
  type ConnectStep,
  chooseAccounts,
  createConnectSession,
  currentStep,
  fetchAsked,
  getConnection,
  type Offer,
  PREFETCHED,
  readAnew,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
} from '../connections/connections.js'
import type { Asking, Base, Ctx, Writing } from '../ctx.js'
import type { ConnectionId, ConnectSessionId, TeamId } from '../ids.js'
import { Refusal } from '../refuse.js'
import { forTeamOf } from '../teams/teams.js'
import { NOTHING_GOES_ON } from './logins.js'
import { endRun, RUN_TASK } from './run-ends.js'
import { type LoginRun, wantsPayable } from './runs.js'
import { type LoginChallenge, openAnswers, openCredentials, sealChallenges } from './secrets.js'
import * as store from './store.js'
import { type LoginFailure, REFUSALS_MAX, statusAfter } from './transitions.js'
import { reasonOf } from './view.js'

export function runTask(base: Base): Task {
  return {
    name: RUN_TASK,
    attemptsMax: 25,
    timeoutMs: 120_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      const held = await store.findLogin(ctx, payload.connectionId as ConnectionId)
      if (held?.run?.status !== 'asked') return
      const begun = { held, run: held.run }
      const outcome = await proceed(ctx, begun).catch(explain)
      await inTx(ctx.db, (tx) => settle({ ...ctx, db: tx, tx }, begun, outcome))
    },
  }
}

/** Consent may have been withdrawn meanwhile: then nobody logs in. */
function explain(error: unknown): Outcome {
  if (error instanceof Refusal && error.code === 'consumer.disabled') return { kind: 'failed', reason: 'access_denied' }
  throw error
}

interface Begun {
  readonly held: store.HeldLogin
  readonly run: LoginRun
}

type Outcome =
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed'; readonly reason: LoginFailure }
  | {
      readonly kind: 'asked'
      readonly sessionId: ConnectSessionId
      readonly challenges: readonly LoginChallenge[]
      readonly isAskedAgain: boolean
    }

async function proceed(ctx: Ctx<Asking>, begun: Begun): Promise<Outcome> {
  const place = await nextPlace(ctx, begun.held)
  if (place === null) return reread(ctx, begun)
  const { sessionId, step } = place
  switch (step.kind) {
    case 'answer': {
      const challenges = step.challenges.map((challenge) => ({ ...challenge, picksAccount: false }))
      return { kind: 'asked', sessionId, challenges, isAskedAgain: step.isAskedAgain }
    }
    case 'choose':
      return choose(ctx, begun, sessionId, step.offer)
    case 'failed':
      return { kind: 'failed', reason: step.reason }
    default:
      return { kind: 'failed', reason: 'access_ended' }
  }
}

interface Place {
  readonly sessionId: ConnectSessionId
  readonly step: ConnectStep
}

/** Where the consumer is now, at the institution; null when there is no login to go on with. */
async function nextPlace(ctx: Ctx<Asking>, held: store.HeldLogin): Promise<Place | null> {
  const open = await openStep(ctx, held.sessionId)
  const answers = openAnswers(ctx, held)
  if (open?.step.kind === 'answer' && answers) {
    return { ...open, step: await answerChallenges(ctx, open.sessionId, answers) }
  }
  if (open?.step.kind === 'visit') return { ...open, step: await returnFromInstitution(ctx, open.sessionId) }
  if (open && open.step.kind !== 'log_in') return open
  const credentials = openCredentials(ctx, held)
  if (!credentials) return null
  const sessionId = await openSession(ctx, held.connectionId, '')
  return { sessionId, step: await submitCredentials(ctx, sessionId, { credentials, returnUrl: null }) }
}

async function openStep(ctx: Ctx<Asking>, sessionId: ConnectSessionId | null): Promise<Place | null> {
  if (sessionId === null) return null
  try {
    const step = await currentStep(ctx, sessionId)
    return step && { sessionId, step }
  } catch (error) {
    // Its hour is over, or it was completed by a run that died right afterwards.
    if (error instanceof Refusal && error.code.startsWith('connect_session.')) return null
    throw error
  }
}

/** A session for a login of the connection, at the step of logging in. */
export async function openSession(
  ctx: Ctx<Asking>,
  connectionId: ConnectionId,
  redirectUri: string,
): Promise<ConnectSessionId> {
  const { id } = await createConnectSession(ctx, {
    externalConsumerId: '',
    contact: { email: null, emailVerifiedAt: null, phone: null, phoneVerifiedAt: null },
    clientId: null,
    redirectUri,
    providers: ['mx'],
    countries: ['US'],
    products: {
      account_numbers: PREFETCHED,
      identity: PREFETCHED,
      transactions: PREFETCHED,
      investments: PREFETCHED,
    },
    existingConnectionId: connectionId,
    institutionId: null,
    webhook: null,
    tags: [],
    features: {
      reportIssues: false,
      warnOfDuplicates: false,
      rejectDuplicates: false,
      connectManually: false,
      onlyOneAccount: false,
      onlyDepositoryAccounts: false,
    },
    customData: null,
  })
  await startConnecting(ctx, id, { institutionId: null })
  return id
}

async function choose(
  ctx: Ctx<Asking>,
  { held, run }: Begun,
  sessionId: ConnectSessionId,
  offer: Offer,
): Promise<Outcome> {
  const payable = offer.accounts.filter(({ type }) => PAYABLE.includes(type))
  const eligible = wantsPayable(run) ? payable : offer.accounts
  if (eligible.length === 0) return { kind: 'failed', reason: 'no_eligible_accounts' }
  const chosen = openAnswers(ctx, held)?.find(({ challengeId }) => challengeId === ACCOUNT_QUESTION)
  const asks = wantsPayable(run) && (held.course?.choosesAccount ?? false) && !chosen
  if (asks) return { kind: 'asked', sessionId, challenges: [questionAbout(eligible)], isAskedAgain: false }
  const accountRefs = chosen ? [chosen.value] : offer.accounts.map(({ ref }) => ref)
  const products = offer.products.map(({ product }) => product).filter((product) => run.products.includes(product))
  await chooseAccounts(ctx, sessionId, { accountRefs, products })
  return read(ctx, held.connectionId)
}

// What money can be taken from.
const PAYABLE: readonly string[] = ['depository.checking', 'depository.savings', 'depository.money_market']
const ACCOUNT_QUESTION = 'account'

function questionAbout(accounts: Offer['accounts']): LoginChallenge {
  const options = accounts.map(({ ref, name, mask }) => ({
    id: ref,
    label: mask === null ? name : `${name} ••${mask}`,
    imageDataUri: null,
  }))
  return {
    id: ACCOUNT_QUESTION,
    kind: 'options',
    label: 'Which account?',
    options,
    imageDataUri: null,
    picksAccount: true,
  }
}

/** What is open already is read anew, and more of it if the run is for more. */
async function reread(ctx: Ctx<Asking>, { held, run }: Begun): Promise<Outcome> {
  const { connectionId } = held
  const before = await getConnection(ctx, { id: connectionId, clientId: null })
  if (before.connectedAt === null) return { kind: 'failed', reason: 'access_ended' }
  if (held.kind === 'described') return { kind: 'opened' }
  await inTx(ctx.db, (tx) => readAnew({ ...ctx, db: tx, tx }, { id: connectionId, clientId: null }, run.products))
  return read(ctx, connectionId)
}

async function read(ctx: Ctx<Asking>, connectionId: ConnectionId): Promise<Outcome> {
  await fetchAsked(ctx, connectionId)
  const after = await getConnection(ctx, { id: connectionId, clientId: null })
  return after.state === 'error' ? { kind: 'failed', reason: reasonOf(after.errorCode) } : { kind: 'opened' }
}

async function settle(ctx: Ctx<Writing>, begun: Begun, outcome: Outcome): Promise<void> {
  const held = await store.takeLogin(ctx, begun.held.connectionId)
  const isOurs = held?.run?.id === begun.run.id && held.run.status === 'asked'
  if (!held || !isOurs) return
  await settled[outcome.kind](ctx, { held, run: begun.run }, outcome as never)
}

type Settling<K extends Outcome['kind']> = (
  ctx: Ctx<Writing>,
  begun: Begun,
  outcome: Extract<Outcome, { kind: K }>,
) => Promise<void>

const settled: { readonly [K in Outcome['kind']]: Settling<K> } = {
  async opened(ctx, { held, run }) {
    const slowMs = held.course?.slowMs ?? 0
    const after = await store.patchLogin(
      ctx,
      held.connectionId,
      {
        ...NOTHING_GOES_ON,
        status: statusAfter(held.status, 'opened'),
        reason: null,
        refusals: 0,
        credentialsSealed: null,
        readyAt: slowMs > 0 && held.status !== 'connected' ? addMs(ctx.clock.now(), slowMs) : null,
      },
      ctx.clock.stamp(),
    )
    await endRun(ctx, after, run, 'completed')
  },

  async asked(ctx, { held, run }, { sessionId, challenges, isAskedAgain }) {
    const at = ctx.clock.stamp()
    const kept = {
      sessionId,
      challengesSealed: sealChallenges(ctx, held.connectionId, challenges),
      answersSealed: null,
      waitsSince: ctx.clock.now(),
    }
    if (!isAskedAgain) {
      await store.patchLogin(ctx, held.connectionId, { ...kept, status: statusAfter(held.status, 'asked') }, at)
      await store.setRunStatus(ctx, [run.id], { status: 'challenged', at })
      return
    }
    const status = statusAfter(held.status, 'failed')
    const after = await store.patchLogin(ctx, held.connectionId, { ...kept, status, reason: 'asked_again' }, at)
    await endRun(ctx, after, run, 'halted')
  },

  async failed(ctx, { held, run }, { reason }) {
    const isRefused = reason === 'invalid_credentials' || reason === 'rejected_without_reason'
    const refusals = isRefused ? held.refusals + 1 : held.refusals
    const after = await store.patchLogin(
      ctx,
      held.connectionId,
      {
        ...NOTHING_GOES_ON,
        status: statusAfter(held.status, 'failed'),
        reason: isRefused && refusals >= REFUSALS_MAX ? 'too_many_failures' : reason,
        refusals,
      },
      ctx.clock.stamp(),
    )
    await endRun(ctx, after, run, reason === 'wrong_answer' || reason === 'challenge_expired' ? 'halted' : 'failed')
  },
}
