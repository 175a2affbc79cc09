/** Adding an account of any type: what is asked before anything is written, and what is written. Contract: method/accounts §1.4, §1.5. */
import { openBankAccount } from '../../core/account-verification/account-verification.js'
import {
  type Account,
  addClearingAccount,
  addDebitCard,
  addDebt,
  checkNewBankAccount,
  checkNewClearingAccount,
  checkNewDebitCard,
  checkNewDebt,
} from '../../core/accounts/accounts.js'
import type { Asking, Ctx, Writing } from '../../core/ctx.js'
import type { NewAccount } from './account-bodies.js'

/** Writes what was checked. */
export type Addition = (ctx: Ctx<Writing>) => Promise<Account>

/** Checks an account with whoever outside has to be asked. Refuses as the core's check of each kind does. */
export async function checkNewAccount(ctx: Ctx<Asking>, { kind, input }: NewAccount): Promise<Addition> {
  switch (kind) {
    case 'ach': {
      const checked = await checkNewBankAccount(ctx, input)
      return (inside) => openBankAccount(inside, checked)
    }
    case 'liability': {
      const checked = await checkNewDebt(ctx, input)
      return async (inside) => (await addDebt(inside, checked)).account
    }
    case 'clearing': {
      const opened = await checkNewClearingAccount(ctx, input)
      return (inside) => addClearingAccount(inside, opened)
    }
    case 'debit_card': {
      const checked = await checkNewDebitCard(ctx, input)
      return async (inside) => (await addDebitCard(inside, checked)).account
    }
  }
}
