import { type ArgDef, type ArgsDef, defineCommand } from 'citty'
import { ENVIRONMENTS, type Team, TeamSettings, withoutProduct, withProduct } from '../../core/teams/teams.js'
import { VERSION_DATES } from '../../faces/method/method.js'
import { parseDocument } from '../documents.js'
import { knownProduct, knownSettings } from '../team-settings.js'
import { administer } from './administer.js'
import { explained } from './explain.js'
import { given, isOn, onOff } from './options.js'
import { paymentArgs, paymentSettings } from './payment-options.js'

const HELP = 'docs/teams.md shows what can be settled.'

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
    'method-verified': { ...onOff, description: 'Whether a person whom it has proven before needs no proof again' },
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
    'new-account-consent': {
      ...onOff,
      description: 'Whether people are asked before accounts that a later connect finds may be used',
    },
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
    'hosted-origins': {
      type: 'string',
      description: 'The origins whose pages may frame hosted pages, with commas',
      valueHint: 'https://app.example.com',
    },
    shape2024: { type: 'enum', options: ['early', 'late', 'auto'], description: 'Which shape 2024-04-04 has' },
    ...paymentArgs,
  },
  run: ({ args }) =>
    settle(args, ({ products, method, ...others }) => ({
      ...others,
      products: { ...products, ...given('noAccountConsent', args['account-consent'], (word) => word === 'off') },
      ...given('hosted', args['hosted-origins'], (list) => ({ origins: list.split(',').filter(Boolean) })),
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
          ...given('autoVerify', args['auto-verify'], isOn),
          ...given('trustedRoutingNumbers', args['trusted-routing-numbers'], (list) => list.split(',').filter(Boolean)),
          ...given('directLiabilities', args['direct-liabilities'], isOn),
        },
        entities: {
          ...method?.entities,
          ...given('allowedPhones', args['allowed-phones'], (list) => list.split(',').filter(Boolean)),
          ...given('uniquePhones', args['unique-phones'], isOn),
          ...given('newAccountsAwaitConsent', args['new-account-consent'], isOn),
        },
        payments: paymentSettings(method?.payments, args),
        verification: {
          ...method?.verification,
          ...given('byo_kyc', args['byo-kyc'], isOn),
          ...given('method_verified', args['method-verified'], isOn),
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

function settle(wanted: Named, change: (settings: TeamSettings) => unknown): Promise<void> {
  const { name, environment } = wanted
  return explained(() =>
    administer(async (admin) => {
      const checked = (settings: TeamSettings) =>
        knownSettings(parseDocument(TeamSettings, change(settings), HELP), name)
      return describe(await admin.changeTeam({ name, environment }, checked))
    }),
  )
}

function describe({ name, environment, settings }: Team): string {
  return `Team ${name} (${environment})\n${JSON.stringify(settings, null, 2)}`
}
