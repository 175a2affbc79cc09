/** A way through Connect without a person: what they would type is said beforehand. */
import { inTx } from '../../db/database.js'
import type { Challenge, ChallengeAnswer, LoginVisit } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import { stageOf } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import type { Completed } from './exchange.js'
import type { Choice } from './granting.js'
import type { Offer } from './offers.js'
import { openProgress } from './progress.js'
import { complete } from './session-store.js'
import { findOpenSession } from './sessions.js'
import {
  answerChallenges,
  askOf,
  chooseAccounts,
  failBegun,
  type Login,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
} from './steps.js'
import { findConnection, shown } from './store.js'
import { type ConnectionError, errorMessages } from './transitions.js'

// An institution that asks more often than this is not answered any more.
const QUESTIONS_MAX = 10

/**
 * Goes the whole way at once; a login that fails ends in a connection in state `error`. For rehearsals: refuses
 * `simulation.forbidden`, and what the steps refuse.
 */
export async function completeSession(ctx: Ctx<Asking>, sessionId: string, login: Login): Promise<Completed> {
  const stage = stageOf(ctx)
  await startConnecting(ctx, sessionId, login)
  const answers = [...login.answers]
  const { settings } = await findOpenSession(ctx, sessionId)
  let step = await submitCredentials(ctx, sessionId, { ...login, returnUrl: settings.redirectUri })
  for (let asked = 0; asked < QUESTIONS_MAX && (step.kind === 'answer' || step.kind === 'visit'); asked++) {
    if (step.kind === 'answer') {
      const said = step.challenges.map((challenge) => answerTo(challenge, answers.shift()))
      step = await answerChallenges(ctx, sessionId, said)
    } else {
      const progress = openProgress(ctx, await findOpenSession(ctx, sessionId))
      if (progress?.at === 'visit') await stage.visitInstitution(askOf(ctx), progress.attemptRef, visitOf(login))
      step = await returnFromInstitution(ctx, sessionId, settings.redirectUri)
    }
  }
  if (step.kind === 'choose') return chooseAccounts(ctx, sessionId, choiceOf(step.offer, login))
  return giveUp(ctx, sessionId, step.kind === 'failed' ? step.error : 'user_error')
}

/** At the pages of an institution the same is typed as elsewhere. */
function visitOf({ credentials: { username = 'user_good', password = 'pass_good' } }: Login): LoginVisit {
  return { kind: 'login', userName: username, password }
}

/** Options are named by what they say. */
function answerTo({ id, options }: Challenge, said = ''): ChallengeAnswer {
  const option = options.find((each) => each.id === said || each.label === said)
  return { challengeId: id, value: option?.id ?? said }
}

function choiceOf(offer: Offer, { accounts, products }: Login): Choice {
  const offered = offer.accounts.filter(
    ({ mask, name }) => accounts === null || accounts.some((each) => each === mask || each === name),
  )
  if (accounts && offered.length < accounts.length) throw refuse('connect_session.invalid_choice')
  const refs = offered.map(({ ref }) => ref)
  return {
    accountRefs: offer.onlyOne && accounts === null ? refs.slice(0, 1) : refs,
    products: products ?? offer.products.map(({ product }) => product),
  }
}

/** Nobody will try again: the connection, if it is a new one, fails for the reason that the login failed for. */
function giveUp(ctx: Ctx<Asking>, sessionId: string, error: ConnectionError): Promise<Completed> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const session = await findOpenSession(inside, sessionId)
    if (!session.isRenewal) await failBegun(inside, session, error)
    await complete(inside, session.id, null)
    const connection = session.connectionId && (await findConnection(inside, session.connectionId))
    if (!connection) throw new Error('A session in which a login failed has a connection.')
    const failure = { error, message: errorMessages[error] }
    return { connection: shown(connection), accounts: [], exchangeToken: null, failure }
  })
}
