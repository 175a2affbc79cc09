/** The number of an account and what else of it is known here: sealed at rest, opened where it is shown or sent. */
import type { AccountSecrets } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import type { AccountId } from '../ids.js'

/** In clear; what is not known is absent. */
export type AccountDetails = { readonly [Name in keyof AccountSecrets]?: string } & {
  /** Where the house of a mortgage stands. */
  readonly property?: PropertyAddress
}

export interface PropertyAddress {
  readonly street: string
  readonly city: string
  readonly state: string
  readonly zip: string
}

const place = (id: AccountId) => `accounts.details.${id}`

export function sealDetails(ctx: Ctx<'team' | 'vault'>, id: AccountId, details: AccountDetails): string {
  return ctx.vault.seal(ctx.team, place(id), JSON.stringify(details)).toString('base64')
}

/** What is known here of the account; nothing for one that only the network knows. */
export function openDetails(
  ctx: Ctx<'team' | 'vault'>,
  account: { readonly id: AccountId; readonly detailsSealed: string | null },
): AccountDetails {
  if (account.detailsSealed === null) return {}
  return JSON.parse(ctx.vault.open(ctx.team, place(account.id), Buffer.from(account.detailsSealed, 'base64')))
}
