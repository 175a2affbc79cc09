/**
 * What a consumer opens with a login: the door to everything in this folder. Nothing is read through an access that has
 * ended, at an institution that a rehearsal made fail, or that the institution does not offer.
 */
import type { AccessNetwork, AccessOutcome, Ask, Stage } from '../../port.js'
import { startOf } from '../life/calendar.js'
import { type LoginParts, type Look, type Opened, openAccess } from './access.js'
import { accountsOf } from './accounts.js'
import { investmentsOf } from './investing/investments.js'
import { allLines, type Books, depositLines } from './life/life.js'
import { changesIn } from './life/lines.js'
import { rememberingPlanner } from './life/remembered.js'
import { awaitedAt, continueLogin, type LoginDesk, login, saidTo, visit } from './login.js'
import { numbersOf } from './numbers.js'
import { ownersOf } from './owners.js'
import { type Banks, banksOf } from './points.js'
import { addLine, editLine } from './rehearsing.js'
import { courseOf } from './scripts.js'
import * as store from './store.js'

export type LoginStage = Pick<
  Stage,
  | 'setInstitutionFault'
  | 'awaitedVisit'
  | 'courseOf'
  | 'visitInstitution'
  | 'expireAccess'
  | 'addLine'
  | 'changeLine'
  | 'removeLine'
>

export function openLogins(parts: LoginParts): { readonly network: AccessNetwork; readonly stage: LoginStage } {
  const door = doorOf(parts)
  return { network: networkBehind(door), stage: stageBehind(door) }
}

/** What it takes to let somebody in, and to read what is behind an access. */
interface Door {
  readonly books: Books
  banks(): Promise<Banks>
  desk(): Promise<LoginDesk>
  open<T>(ask: Ask, look: Look, read: (opened: Opened, at: Ask) => T | Promise<T>): Promise<AccessOutcome<T>>
}

function doorOf(parts: LoginParts): Door {
  const { town, directory, meet, pageUrl } = parts
  let known: Banks | null = null
  const banks = async () => {
    known ??= banksOf(await directory())
    return known
  }
  return {
    books: { town, planned: rememberingPlanner() },
    banks,
    desk: async () => ({ town, directory: await directory(), meet, banks: await banks(), pageUrl }),
    open: async (ask, look, read) => {
      // A bare day begins at midnight.
      const at = { ...ask, at: ask.at.includes('T') ? ask.at : startOf(ask.at) }
      const opened = await openAccess(parts, await banks(), { ask: at, ...look })
      return 'reason' in opened ? { ok: false, reason: opened.reason } : { ok: true, value: await read(opened, at) }
    },
  }
}

function networkBehind({ books, banks, desk, open }: Door): AccessNetwork {
  return {
    accessPoints: async () => (await banks()).points,
    login: async (ask, attempt) => login(await desk(), ask, attempt),
    continueLogin: async (ask, attemptRef, answers) => continueLogin(await desk(), ask, { attemptRef, answers }),
    heldAccounts: (asked, accessRef) =>
      open(asked, { accessRef, product: 'accounts' }, async ({ holding, accounts }, ask) =>
        accountsOf(holding, { accounts, lines: await depositLines(books, ask, { holding, accounts }), ask }),
      ),
    accountNumbers: (asked, accessRef) =>
      open(asked, { accessRef, product: 'account_numbers' }, ({ holding, accounts }) =>
        numbersOf(holding.bank.rails, accounts),
      ),
    accountOwners: (asked, accessRef) =>
      open(asked, { accessRef, product: 'identity' }, ({ holding, accounts }) => ownersOf(holding, accounts)),
    heldTransactions: (asked, accessRef, since) =>
      open(asked, { accessRef, product: 'transactions' }, async ({ holding, accounts }, ask) => {
        const lines = [...(await allLines(books, ask, { holding, accounts, since })).values()].flat()
        const { currency } = holding.customer.terms
        return { transactions: changesIn(lines, { since, at: ask.at, currency }), until: ask.at, hasHistory: true }
      }),
    investments: (asked, accessRef) =>
      open(asked, { accessRef, product: 'investments' }, ({ holding, accounts }, ask) =>
        investmentsOf(holding, accounts, ask),
      ),
    endAccess: async (ask, accessRef) => {
      await store.endAccess(books.town.db, ask, accessRef)
    },
  }
}

function stageBehind({ books, banks, desk, open }: Door): LoginStage {
  const { db } = books.town
  const rehearse = async <T>(
    asked: Ask,
    accessRef: string,
    edit: (opened: Opened, ask: Ask) => Promise<T | null>,
  ): Promise<T | null> => {
    const outcome = await open(asked, { accessRef, product: 'transactions' }, edit)
    return outcome.ok ? outcome.value : null
  }
  return {
    setInstitutionFault: async (realm, institutionSlug, reason) => {
      if (!(await banks()).bank(institutionSlug)) return false
      await store.setFault(db, realm, { institutionSlug, reason })
      return true
    },
    awaitedVisit: async (ask, attemptRef) => awaitedAt(await desk(), ask, attemptRef),
    visitInstitution: async (ask, attemptRef, done) => visit(await desk(), ask, { attemptRef, visit: done }),
    courseOf: async (slug, credentials) => {
      const bank = (await banks()).bank(slug)
      const typed = bank ? saidTo(bank, credentials).password : ''
      // At its own pages an institution asks for no fields of ours.
      return courseOf(typed === '' ? (credentials.password ?? '') : typed)
    },
    expireAccess: (ask, accessRef) => store.endAccess(db, ask, accessRef),
    addLine: (asked, { accessRef, ref }, draft) =>
      rehearse(asked, accessRef, (opened, ask) => addLine(books, ask, { opened, accountRef: ref, draft })),
    changeLine: (asked, { accessRef, ref }, change) =>
      rehearse(asked, accessRef, (opened, ask) => editLine(books, ask, { opened, ref, change })),
    removeLine: (asked, { accessRef, ref }) =>
      rehearse(asked, accessRef, (opened, ask) => editLine(books, ask, { opened, ref, change: null })),
  }
}
