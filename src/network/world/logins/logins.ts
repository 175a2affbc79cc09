/**
 * What a consumer opens with a login: the door to everything in this folder. Nothing is read through an access that has
 * ended, at an institution that a rehearsal made fail, or that the institution does not offer.
 */
import type { AccessNetwork, AccessOutcome, Ask, Stage } from '../../port.js'
import { type LoginParts, type Look, type Opened, openAccess } from './access.js'
import { accountsOf } from './accounts.js'
import { investmentsOf } from './investing/investments.js'
import { allLines, depositLines } from './life/life.js'
import { changesIn } from './life/lines.js'
import { rememberingPlanner } from './life/remembered.js'
import { awaitedAt, continueLogin, type LoginDesk, login, visit } from './login.js'
import { numbersOf } from './numbers.js'
import { ownersOf } from './owners.js'
import { type Banks, banksOf } from './points.js'
import { addLine, editLine } from './rehearsing.js'
import * as store from './store.js'

export type LoginStage = Pick<
  Stage,
  'setInstitutionFault' | 'awaitedVisit' | 'visitInstitution' | 'expireAccess' | 'addLine' | 'changeLine' | 'removeLine'
>

export function openLogins(parts: LoginParts): { readonly network: AccessNetwork; readonly stage: LoginStage } {
  const { town, pageUrl } = parts
  const books = { town, planned: rememberingPlanner() }
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
  const rehearse = async <T>(ask: Ask, accessRef: string, edit: (opened: Opened) => Promise<T | null>) => {
    const outcome = await open(ask, { accessRef, product: 'transactions' }, edit)
    return outcome.ok ? outcome.value : null
  }
  return {
    network: {
      accessPoints: async () => (await banks()).points,
      login: async (ask, attempt) => login(await desk(), ask, attempt),
      continueLogin: async (ask, attemptRef, answers) => continueLogin(await desk(), ask, { attemptRef, answers }),
      heldAccounts: (ask, accessRef) =>
        open(ask, { accessRef, product: 'accounts' }, async ({ holding, accounts }) =>
          accountsOf(holding, { accounts, lines: await depositLines(books, ask, { holding, accounts }), ask }),
        ),
      accountNumbers: (ask, accessRef) =>
        open(ask, { accessRef, product: 'account_numbers' }, ({ holding, accounts }) =>
          numbersOf(holding.bank.rails, accounts),
        ),
      accountOwners: (ask, accessRef) =>
        open(ask, { accessRef, product: 'identity' }, ({ holding, accounts }) => ownersOf(holding, accounts)),
      heldTransactions: (ask, accessRef, since) =>
        open(ask, { accessRef, product: 'transactions' }, async ({ holding, accounts }) => {
          const lines = [...(await allLines(books, ask, { holding, accounts, since })).values()].flat()
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
      expireAccess: (ask, accessRef) => store.endAccess(town.db, ask, accessRef),
      addLine: (ask, { accessRef, ref }, draft) =>
        rehearse(ask, accessRef, (opened) => addLine(books, ask, { opened, accountRef: ref, draft })),
      changeLine: (ask, { accessRef, ref }, change) =>
        rehearse(ask, accessRef, (opened) => editLine(books, ask, { opened, ref, change })),
      removeLine: (ask, { accessRef, ref }) =>
        rehearse(ask, accessRef, (opened) => editLine(books, ask, { opened, ref, change: null })),
      visitInstitution: async (ask, attemptRef, done) => visit(await desk(), ask, { attemptRef, visit: done }),
    },
  }
}
