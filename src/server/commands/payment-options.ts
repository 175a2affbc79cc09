/** What `teams set` can settle about a team's payments. */
import type { ArgsDef, ParsedArgs } from 'citty'
import type { TeamSettings } from '../../core/teams/teams.js'
import { given, isOn, onOff } from './options.js'

const number = (description: string, valueHint: string) =>
  ({ type: 'string', description: `${description}; empty for the default`, valueHint }) as const

export const paymentArgs = {
  'payment-maximum': number('The most that one payment may be', 'cents'),
  'payment-quota': number('How many payments it may make in a month', 'count'),
  'operator-fee': number('What the operator takes for each payment', 'cents'),
  'source-settlement-days': number('Business days to the settlement of a source', 'days'),
  'destination-settlement-days': number('Business days to the settlement of a destination', 'days'),
  'automatic-reversals': { ...onOff, description: 'Whether reversals begin without its approval' },
  'suspend-windows': { ...onOff, description: 'Whether its payments move only when they are made to' },
  'linked-sources-only': { ...onOff, description: 'Whether only accounts a data provider has proven may be paid from' },
  'companies-may-send': { ...onOff, description: 'Whether companies may pay, and not only be paid' },
  'live-since': {
    type: 'string',
    description: 'Accounts from before that instant may not be used in payments; empty for none',
    valueHint: '2026-01-01T00:00:00.000Z',
  },
} satisfies ArgsDef

type PaymentSettings = NonNullable<NonNullable<TeamSettings['method']>['payments']>

/** The settings with those that were given, as they were given: what they may be is checked with the whole document. */
export function paymentSettings(settled: PaymentSettings | undefined, args: ParsedArgs<typeof paymentArgs>) {
  return {
    ...settled,
    ...given('maximumCents', args['payment-maximum'], numberOrDefault),
    ...given('monthlyQuota', args['payment-quota'], numberOrDefault),
    ...given('operatorFeeCents', args['operator-fee'], numberOrDefault),
    ...given('sourceSettlementDays', args['source-settlement-days'], numberOrDefault),
    ...given('destinationSettlementDays', args['destination-settlement-days'], numberOrDefault),
    ...given('automaticReversals', args['automatic-reversals'], isOn),
    ...given('suspendsWindows', args['suspend-windows'], isOn),
    ...given('linkedSourcesOnly', args['linked-sources-only'], isOn),
    ...given('companiesMaySend', args['companies-may-send'], isOn),
    ...given('liveSince', args['live-since'], (instant) => instant || undefined),
  }
}

function numberOrDefault(text: string): number | undefined {
  return text === '' ? undefined : Number(text)
}
