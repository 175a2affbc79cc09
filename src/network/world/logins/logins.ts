/**
 * What a consumer opens with a login: the door to everything in this folder. Nothing is read through an access that has
 * ended, at an institution that a rehearsal made fail, or that the institution does not offer.
 */
import type {
  AccessFailure,
  AccessNetwork,
  AccessOutcome,
  AccessProduct,
  Ask,
  LoginRefusal,
  Stage,
} from '../../port.js'
import type { WorldDirectory } from '../directory.js'
import type { Town } from '../people.js'
import { accountsOf } from './accounts.js'
import { type Held, type Holding, heldBy, openDescription } from './held.js'
import { investmentsOf } from './investing/investments.js'
import { allLines, depositLines } from './life/life.js'
import { changesIn } from './life/lines.js'
import { awaitedAt, continueLogin, type LoginDesk, login, visit } from './login.js'
import { numbersOf } from './numbers.js'
import { ownersOf } from './owners.js'
import { type Banks, banksOf } from './points.js'
import * as store from './store.js'

export interface LoginParts extends Pick<LoginDesk, 'pageUrl'> {
  readonly town: Town
  directory(): Promise<WorldDirectory>
  /** The person with their debts. */
  readonly meet: LoginDesk['meet']
}

export type LoginStage = Pick<Stage, 'setInstitutionFault' | 'awaitedVisit' | 'visitInstitution'>

export function openLogins(parts: LoginParts): { readonly network: AccessNetwork; readonly stage: LoginStage } {
  const { town, pageUrl } = parts
  let known: Banks | null = null
  const banks = async () => {
    known ??= banksOf(await parts.directory())
    return known
  }
  const desk = async (): Promise<LoginDesk> => ({
    town,
    directory: await parts.directory(),
    meet: parts.meet,
    banks: await banks(),
    pageUrl,
  })
  const open = async <T>(ask: Ask, look: Look, read: (opened: Opened) => T | Promise<T>): Promise<AccessOutcome<T>> => {
    const opened = await openAccess(parts, await banks(), { ask, ...look })
    return 'reason' in opened ? { ok: false, reason: opened.reason } : { ok: true, value: await read(opened) }
  }
  return {
    network: {
      accessPoints: async () => (await banks()).points,
      login: async (ask, attempt) => login(await desk(), ask, attempt),
      continueLogin: async (ask, attemptRef, answers) => continueLogin(await desk(), ask, { attemptRef, answers }),
      heldAccounts: (ask, accessRef) =>
        open(ask, { accessRef, product: 'accounts' }, async ({ holding, accounts }) =>
          accountsOf(holding, { accounts, lines: await depositLines(town, ask, { holding, accounts }), ask }),
        ),
      accountNumbers: (ask, accessRef) =>
        open(ask, { accessRef, product: 'account_numbers' }, ({ holding, accounts }) =>
          numbersOf(holding.bank.rails, accounts),
        ),
      accountOwners: (ask, accessRef) =>
        open(ask, { accessRef, product: 'identity' }, ({ holding, accounts }) => ownersOf(holding, accounts)),
      heldTransactions: (ask, accessRef, since) =>
        open(ask, { accessRef, product: 'transactions' }, async ({ holding, accounts }) => {
          const lines = [...(await allLines(town, ask, { holding, accounts })).values()].flat()
          const { currency } = holding.customer.terms
          return { transactions: changesIn(lines, { since, at: ask.at, currency }), until: ask.at, hasHistory: true }
        }),
      investments: (ask, accessRef) =>
        open(ask, { accessRef, product: 'investments' }, ({ holding, accounts }) =>
          investmentsOf(holding, accounts, ask),
        ),
      endAccess: async (ask, accessRef) => {
        await store.endAccess(town.db, ask, accessRef)
      },
    },
    stage: {
      setInstitutionFault: async (realm, institutionSlug, reason) => {
        if (!(await banks()).bank(institutionSlug)) return false
        await store.setFault(town.db, realm, { institutionSlug, reason })
        return true
      },
      awaitedVisit: async (ask, attemptRef) => awaitedAt(await desk(), ask, attemptRef),
      visitInstitution: async (ask, attemptRef, done) => visit(await desk(), ask, { attemptRef, visit: done }),
    },
  }
}

interface Look {
  readonly accessRef: string
  readonly product: AccessProduct
}

interface Opened {
  readonly holding: Holding
  readonly accounts: readonly Held[]
}

async function openAccess(
  { town, directory, meet }: LoginParts,
  banks: Banks,
  { ask, accessRef, product }: Look & { readonly ask: Ask },
): Promise<Opened | { readonly reason: AccessFailure }> {
  const access = await store.findAccess(town.db, ask.realm, accessRef)
  if (!access || access.endedAt !== null) return { reason: 'access_ended' }
  const { customer } = access
  const bank = banks.bank(customer.institutionSlug)
  const met = await meet(town, ask, customer.personRef)
  if (!bank || !met) return { reason: 'access_ended' }
  const fault = await store.findFault(town.db, ask.realm, customer.institutionSlug)
  if (fault) return { reason: FAILURE_OF[fault] }
  if (!bank.point.products.includes(product)) return { reason: 'not_supported' }
  const described = openDescription(town, ask.realm, customer)
  const holding = { realm: ask.realm, bank, customer, met, directory: await directory(), described }
  return { holding, accounts: heldBy(town, holding) }
}

/** How an institution that refuses logins answers whoever is in already. */
const FAILURE_OF = {
  invalid_credentials: 'access_ended',
  wrong_answer: 'access_ended',
  challenge_expired: 'access_ended',
  locked: 'access_ended',
  setup_required: 'access_ended',
  access_denied: 'access_ended',
  no_accounts: 'no_accounts',
  institution_down: 'unreachable',
  institution_maintenance: 'unreachable',
  provider_failed: 'provider_failed',
} as const satisfies Record<LoginRefusal, AccessFailure>
