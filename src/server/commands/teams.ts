import { type ArgDef, type ArgsDef, defineCommand } from 'citty'
import { ENVIRONMENTS, type Team, type TeamSettings, withoutProduct, withProduct } from '../../core/teams/teams.js'
import { VERSION_DATES } from '../../faces/method/method.js'
import { knownProduct, knownSettings } from '../team-settings.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

const named = {
  name: { type: 'positional', required: true, description: 'The name of the team' },
  environment: {
    type: 'enum',
    options: [...ENVIRONMENTS],
    default: 'development' as const,
    description: 'Each environment has its own data and settings',
  },
} satisfies ArgsDef
const product = { type: 'string', required: true, description: 'The product', valueHint: 'name' } satisfies ArgDef
const onOff = { type: 'enum', options: ['on', 'off'] } satisfies ArgDef

const show = defineCommand({
  meta: { name: 'show', description: 'Show what is settled for a team.' },
  args: named,
  run: ({ args: { name, environment } }) =>
    explained(() => administer(async (admin) => describe(await admin.showTeam({ name, environment })))),
})

const restrict = defineCommand({
  meta: { name: 'restrict', description: 'Take a product from a team; every server knows within a second.' },
  args: { ...named, product },
  run: ({ args }) => settle(args, (settings) => withoutProduct(settings, knownProduct(args.product))),
})

const allow = defineCommand({
  meta: { name: 'allow', description: 'Give a team a product back.' },
  args: { ...named, product },
  run: ({ args }) => settle(args, (settings) => withProduct(settings, knownProduct(args.product))),
})

const set = defineCommand({
  meta: { name: 'set', description: 'Settle something for a team; what is not named stays as it is.' },
  args: {
    ...named,
    'account-consent': { ...onOff, description: 'Whether it may ask consumers for consent to their accounts' },
    'byo-kyc': { ...onOff, description: 'Whether its own word about an identity is taken' },
    'auto-verify': { ...onOff, description: 'Whether deposit accounts are proven as soon as they are described' },
    'direct-liabilities': { ...onOff, description: 'Whether it may handle full numbers of cards and loans' },
    'trusted-routing-numbers': {
      type: 'string',
      description: 'Banks whose accounts it has proven itself, with commas; empty for none',
      valueHint: '021000021,062103000',
    },
    'allowed-phones': {
      type: 'string',
      description: 'The only phone numbers its people may have, with commas',
      valueHint: '+15125550123',
    },
    'unique-phones': { ...onOff, description: 'Whether no two of its people may have one phone number' },
    without: {
      type: 'string',
      description: 'Verification methods it does without, with commas; empty for none',
      valueHint: 'sna,kba',
    },
    'wire-version': {
      type: 'enum',
      options: [...VERSION_DATES],
      description: 'The version of requests that name none',
    },
    'redirect-origins': {
      type: 'string',
      description: 'The origins that its link sessions may lead back to, with commas',
      valueHint: 'https://app.example.com',
    },
    shape2024: { type: 'enum', options: ['early', 'late', 'auto'], description: 'Which shape 2024-04-04 has' },
  },
  run: ({ args }) =>
    settle(args, ({ products, method, ...others }) => ({
      ...others,
      products: { ...products, ...given('noAccountConsent', args['account-consent'], (word) => word === 'off') },
      ...given('moneykit', args['redirect-origins'], (list) => ({
        ...others.moneykit,
        redirectOrigins: list.split(',').filter(Boolean),
      })),
      method: {
        ...method,
        ...given('version', args['wire-version'], String),
        ...given('shape2024', args.shape2024, (word) => word),
        accounts: {
          ...method?.accounts,
          ...given('autoVerify', args['auto-verify'], (word) => word === 'on'),
          ...given('trustedRoutingNumbers', args['trusted-routing-numbers'], (list) => list.split(',').filter(Boolean)),
          ...given('directLiabilities', args['direct-liabilities'], (word) => word === 'on'),
        },
        entities: {
          ...method?.entities,
          ...given('allowedPhones', args['allowed-phones'], (list) => list.split(',').filter(Boolean)),
          ...given('uniquePhones', args['unique-phones'], (word) => word === 'on'),
        },
        verification: {
          ...method?.verification,
          ...given('byo_kyc', args['byo-kyc'], (word) => word === 'on'),
          ...given('without', args.without, (names) => names.split(',').filter(Boolean)),
        },
      },
    })),
})

export const teams = defineCommand({
  meta: { name: 'teams', description: 'Show and settle what teams may use.' },
  subCommands: { show, restrict, allow, set },
})

type Named = { readonly name: string; readonly environment: Team['environment'] }

function settle(wanted: Named, change: (settings: TeamSettings) => TeamSettings): Promise<void> {
  const { name, environment } = wanted
  return explained(() =>
    administer(async (admin) => {
      const checked = (settings: TeamSettings) => knownSettings(change(settings), name)
      return describe(await admin.changeTeam({ name, environment }, checked))
    }),
  )
}

/** The member, when the option was given. */
function given<const Name extends string, Word, Value>(
  name: Name,
  word: Word | undefined,
  read: (word: Word) => Value,
) {
  return word === undefined ? {} : ({ [name]: read(word) } as { readonly [K in Name]: Value })
}

function describe({ name, environment, settings }: Team): string {
  return `Team ${name} (${environment})\n${JSON.stringify(settings, null, 2)}`
}
