/**
 * The simulated financial world, an adapter of the network port. People and their debts come into being when they are
 * first asked for and stay; what a debt looks like on a day follows from its terms and that day alone. One seed is one
 * world: the same people, refs and figures in every installation.
 */
import type { Db } from '../../db/database.js'
import type { Ask, Network, Outcome, TextMessage } from '../port.js'
import { achPostings, achReturns, originate, type ReturnTimes } from './ach/ach.js'
import { artOf } from './cards/art.js'
import { brandReportOf } from './cards/brands.js'
import { findBrand, findProduct } from './cards/catalogue.js'
import { debitCardOf } from './cards/debit.js'
import { inboundAccountOf, tokenOf } from './cards/instruments.js'
import { checkOf, secretsOf } from './cards/plastic.js'
import { transactionsOf } from './cards/transactions.js'
import { openClearingAccount } from './clearing.js'
import { type CreditFile, creditReportOf } from './credit-file.js'
import { deposit } from './deposits.js'
import { loadDirectory, reportsDirectly, type WorldDirectory } from './directory.js'
import { healthOf } from './health.js'
import { type Inventor, inventDebts } from './invent/debts.js'
import { dayOf, startOf } from './life/calendar.js'
import { reportAt, standingAt } from './life/life.js'
import { locate } from './located.js'
import { openLogins } from './logins/logins.js'
import { deliverText } from './messages.js'
import { withNewDebts, withNewInquiries } from './news.js'
import { payoffOf } from './payoff.js'
import { identify, identityRecords, type Town } from './people.js'
import { personaOf } from './personas/personas.js'
import { quizOf } from './quiz.js'
import { createSecrets } from './secrets.js'
import { createStage } from './stage.js'
import {
  findDebt,
  findPersonWithDebts,
  type HeldDebt,
  type Person,
  type PersonWithDebts,
  recordDebts,
} from './store.js'
import { accountNumberOf, cardNetworkOf, snapshotOf, tradelineOf, writtenDebts } from './tradelines.js'
import { vehiclesOf } from './vehicles.js'

export interface WorldOptions {
  readonly db: Db
  /** One seed, one world. Changing it on a database that has people in it makes strangers of them. */
  readonly seed: string
  /** 32 bytes; seals SSNs and account numbers that callers bring. */
  readonly secretKey: Buffer
  readonly answerDelayMs: number
  /** When a return comes in. Default: so many days later. */
  readonly returnTimes?: ReturnTimes
  /** The page that plays an institution for a login that was sent there. Default: an address that nobody serves. */
  readonly loginPageUrl?: (attempt: { readonly realm: string; readonly attemptRef: string }) => string
  /** Hears of every text message, since no phone gets it: for a developer's log. */
  readonly onText?: (message: TextMessage) => void
}

const nowhere: NonNullable<WorldOptions['loginPageUrl']> = ({ realm, attemptRef }) =>
  `https://institutions.example/${realm}/${attemptRef}`
const daysLater: ReturnTimes = (at, days) => new Date(Date.parse(at) + days * 86_400_000).toISOString()

/** Opens the world; nothing is read before the first question. */
export function createWorld({
  db,
  seed,
  secretKey,
  answerDelayMs,
  returnTimes = daysLater,
  loginPageUrl = nowhere,
  onText,
}: WorldOptions): Network {
  const town: Town = { db, seed, secrets: createSecrets(seed, secretKey) }
  const directory = onFirstUse(loadDirectory)
  const inventorOf = async (): Promise<Inventor> => ({ seed, directory: await directory() })
  const meet = async (ask: Ask, ref: string) => personWithDebts(town, await inventorOf(), ask, ref)

  const about = async <T>(ask: Ask, ref: string, answer: (debt: HeldDebt) => T | null): Promise<Outcome<T>> => {
    const debt = await findDebt(db, ask.realm, ref)
    if (!debt) return NOT_FOUND
    const value = answer(debt)
    return value === null ? NOT_SUPPORTED : { ok: true, value }
  }
  const logins = openLogins({
    town,
    directory,
    // Also inside a transaction, which is then the town's database.
    meet: async (within, ask, ref) => personWithDebts(within, await inventorOf(), ask, ref),
    pageUrl: loginPageUrl,
  })

  return {
    answerDelayMs,
    ...logins.network,
    directory: async () => (await directory()).directory,
    identify: (ask, claim) => identify(town, ask.realm, claim),
    identityRecords: (ask, claim) => identityRecords(town, ask.realm, claim),

    identityQuiz: async (ask, personRef) => {
      const met = await meet(ask, personRef)
      if (!met) throw new Error('a quiz was asked for a person nobody identified')
      if (met.person.profile.isRecognized) return { kind: 'recognized' }
      return { kind: 'questions', questions: quizOf(fileOf(seed, met), dayOf(ask.at)) }
    },

    tradelines: async (ask, personRef) => {
      const inventor = await inventorOf()
      const met = await meet(ask, personRef)
      if (!met) return NOT_FOUND
      if (met.person.profile.isFrozen) return FROZEN
      const { debts } = await withNewDebts(town, { ask, inventor }, met)
      const at = { realm: ask.realm, day: dayOf(ask.at), directory: inventor.directory }
      return { ok: true, value: debts.map((debt) => tradelineOf(town, debt, at)) }
    },

    creditReport: async (ask, personRef) => {
      const inventor = await inventorOf()
      const known = await meet(ask, personRef)
      if (known?.person.profile.isFrozen) return FROZEN
      const met = known && (await withNewInquiries(town, { ask, inventor }, known))
      const at = { day: dayOf(ask.at), asOf: instantOf(ask), directory: inventor.directory }
      const report = met && creditReportOf(fileOf(seed, met), at)
      return report ? { ok: true, value: report } : NOT_FOUND
    },

    vehicles: async (ask, personRef) => {
      const met = await meet(ask, personRef)
      return met ? { ok: true, value: vehiclesOf(fileOf(seed, met), dayOf(ask.at)) } : NOT_FOUND
    },

    balance: (ask, accountRef) =>
      about(ask, accountRef, ({ terms, movements }) => {
        const { closedOn, owedCents } = standingAt(terms, dayOf(ask.at), movements)
        return closedOn ? null : { asOf: instantOf(ask), amountCents: owedCents }
      }),

    liabilityReport: (ask, accountRef) =>
      about(ask, accountRef, ({ terms, merchantNumber, movements }) =>
        reportsDirectly(merchantNumber) ? { ...reportAt(terms, dayOf(ask.at), movements), asOf: instantOf(ask) } : null,
      ),

    liabilitySnapshot: (ask, accountRef) => about(ask, accountRef, (debt) => snapshotOf(debt, dayOf(ask.at))),

    locateDebt: async (ask, claim) => {
      const met = claim.personRef === null ? null : await meet(ask, claim.personRef)
      const line = await locate(town, { ask, inventor: await inventorOf(), met }, claim)
      return line ? { ok: true, value: line } : NOT_FOUND
    },

    payoffQuote: (ask, accountRef) =>
      about(ask, accountRef, (debt) => {
        const quote = payoffOf(debt, dayOf(ask.at))
        return quote && { asOf: instantOf(ask), ...quote }
      }),

    accountSecrets: async (ask, accountRef) => {
      const at = { ask, directory: await directory() }
      return about(ask, accountRef, (debt) => secretsOf(town, debt, at))
    },

    checkCard: async (ask, accountRef, claim) => {
      const at = { ask, directory: await directory() }
      return about(ask, accountRef, (debt) =>
        cardNetworkOf(debt) ? checkOf(debt, secretsOf(town, debt, at), { claim, at: ask.at }) : null,
      )
    },

    cardBrand: async (ask, accountRef) => {
      const at = { realm: ask.realm, directory: await directory() }
      return about(ask, accountRef, (debt) => {
        const lastFour = accountNumberOf(town.secrets, debt, at).slice(-4)
        return brandReportOf(debt, { lastFour, directory: at.directory })
      })
    },

    cardProduct: async (number) => findProduct(number, await directory()),

    cardArt: async (productNumber, brandNumber) => {
      const brand = findBrand({ productNumber, brandNumber }, await directory())
      return brand && artOf(brand)
    },

    accountHealth: (ask, accountRef) =>
      about(ask, accountRef, (debt) => ({ asOf: instantOf(ask), ...healthOf(debt, dayOf(ask.at)) })),

    networkToken: (ask, accountRef) => about(ask, accountRef, (debt) => tokenOf(town, debt)),

    inboundAccount: async (ask, accountRef) => {
      const known = await directory()
      return about(ask, accountRef, (debt) => inboundAccountOf(town, debt, known))
    },

    cardTransactions: (ask, accountRef, since) =>
      about(ask, accountRef, (debt) => transactionsOf(debt, { since, at: instantOf(ask) })),

    sendMicroDeposits: async (ask, deposits) => ({ ok: true, value: await deposit(town, ask, deposits) }),

    openClearingAccount: async (ask, reference) => ({
      ok: true,
      value: await openClearingAccount(town, ask, reference),
    }),
    debitCard: async (ask, claim) => {
      const report = debitCardOf(claim, ask.at)
      return report ? { ok: true, value: report } : NOT_FOUND
    },

    originate: async (ask, orders) => originate(town, ask, { orders, returnTimes, directory: await directory() }),
    achReturns: (ask, since) => achReturns(town, ask, since),
    achPostings: (ask, page) => achPostings(town, ask, page),

    sendText: async (ask, message) => {
      await deliverText(town, ask, message)
      onText?.(message)
      return { ok: true, value: null }
    },

    stage: { ...createStage(town, inventorOf), ...logins.stage },
  }
}

const NOT_FOUND = { ok: false, reason: 'not_found' } as const satisfies Outcome<never>
const FROZEN = { ok: false, reason: 'frozen' } as const satisfies Outcome<never>
const NOT_SUPPORTED = { ok: false, reason: 'not_supported' } as const satisfies Outcome<never>

/** The person with their debts, which are invented and written down the first time; three statements at most. */
async function personWithDebts(town: Town, inventor: Inventor, ask: Ask, ref: string): Promise<PersonWithDebts | null> {
  const met = await findPersonWithDebts(town.db, ask.realm, ref)
  if (!met || met.person.hasDebts) return met
  const { person } = met
  const day = dayOf(ask.at)
  const persona = person.origin === 'persona' ? personaOf(person.phone) : null
  const invented =
    persona?.kind === 'copied' ? persona.debts(inventor, day) : inventDebts(inventor, bornAs(person), day)
  const debts = writtenDebts(town, { realm: ask.realm, personRef: ref, key: person.key }, invented)
  await recordDebts(town.db, ask.realm, ref, debts)
  return findPersonWithDebts(town.db, ask.realm, ref)
}

/** What chance knows somebody by: those met at a login share their phone numbers with others. */
function bornAs({ origin, key, phone, profile }: Person): Pick<Person, 'phone' | 'profile'> {
  return { phone: origin === 'login' ? key : phone, profile }
}

function fileOf(seed: string, { person, debts, softInquiries }: PersonWithDebts): CreditFile {
  return { seed, phone: person.phone, profile: person.profile, debts, softInquiries }
}

/** The instant of a question; a bare day begins at midnight. */
function instantOf({ at }: Ask): string {
  return at.includes('T') ? at : startOf(at)
}

/** Calls `load` when first needed, once; a failure is tried again the next time. */
function onFirstUse(load: () => Promise<WorldDirectory>): () => Promise<WorldDirectory> {
  let loaded: Promise<WorldDirectory> | null = null
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = null
      throw error
    })
    return loaded
  }
}
