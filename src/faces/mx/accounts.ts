/** Accounts: what a person describes, and what members lead to. Contract: mx-connect/callbacks §5.16, §6, data §7. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type HeldAccount,
  listHeldAccounts,
  listHeldTransactions,
  listNumbers,
  listOwners,
} from '../../core/connections/connections.js'
import {
  addDescribedAccount,
  type DescribedFacts,
  describedFacts,
  getLogin,
  listLogins,
} from '../../core/logins/logins.js'
import type { WidgetUser } from '../../core/widgets/widgets.js'
import { OwnFailure, ownErrors } from './errors.js'
import { spellId } from './ids.js'
import { institutionGuid, MANUAL_SLUG } from './institution-wire.js'
import { whoseOf } from './members.js'
import { type AboutUser, change, type Incoming, read } from './routes.js'
import {
  Amount,
  Count,
  Flag,
  Instant,
  listWire,
  maybe,
  nullable,
  PageQuery,
  PaginationWire,
  pagination,
  partOf,
  readPage,
  Text,
} from './schema.js'

const Dollars = maybe(Type.Number({ minimum: -1e12, maximum: 1e12 }))

const AccountBody = Type.Object({
  account: Type.Object({
    user_name: Type.String({ minLength: 1, maxLength: 200 }),
    account_type: Type.Integer({ minimum: 0, maximum: 12 }),
    balance: Dollars,
    interest_rate: maybe(Type.Number({ minimum: 0, maximum: 1000 })),
    minimum_payment: Dollars,
    day_payment_is_due: maybe(Type.Integer({ minimum: 1, maximum: 31 })),
    credit_limit: Dollars,
    original_balance: Dollars,
    property_type: maybe(Type.Integer({ minimum: 0, maximum: 9 })),
    is_personal: maybe(Type.Boolean()),
  }),
})
type AccountBody = Static<typeof AccountBody>['account']

export const AccountWire = Type.Object({
  guid: Text,
  member_guid: Text,
  institution_guid: Text,
  user_guid: Text,
  account_type: Count,
  user_name: Text,
  name: Text,
  nickname: nullable(Text),
  balance: nullable(Amount),
  available_balance: nullable(Amount),
  credit_limit: nullable(Amount),
  minimum_payment: nullable(Amount),
  interest_rate: nullable(Amount),
  original_balance: nullable(Amount),
  day_payment_is_due: nullable(Count),
  property_type: nullable(Count),
  account_number: nullable(Text),
  routing_number: nullable(Text),
  currency_code: nullable(Text),
  is_personal: Flag,
  is_manual: Flag,
  is_closed: Flag,
  balance_updated_at: nullable(Instant),
})

// By the number of the type; 12 is a checking account with a line of credit.
const TYPES = [
  'other.other',
  'depository.checking',
  'depository.savings',
  'liability.other',
  'liability.credit_card',
  'investment.other',
  'liability.line_of_credit',
  'liability.mortgage',
  'other.other',
  'depository.cash',
  'other.other',
  'depository.prepaid',
  'liability.line_of_credit',
] as const

function typeNumber(type: string): number {
  const exact = TYPES.indexOf(type as (typeof TYPES)[number])
  if (exact > 0) return exact
  if (type.startsWith('depository.')) return 2
  if (type.startsWith('liability.')) return 3
  return type.startsWith('investment.') ? 5 : 0
}

interface Shown {
  readonly connection: { readonly id: string; readonly institution: { readonly slug: string } }
  readonly user: Pick<WidgetUser, 'id'>
  readonly facts: DescribedFacts | null
}

function accountWire(account: HeldAccount, { connection, user, facts }: Shown): Static<typeof AccountWire> {
  const { currentCents, availableCents, limitCents, currency, at } = account.balances
  const said = (facts ?? {}) as Partial<AccountBody>
  return {
    guid: spellId('account', account.id),
    member_guid: spellId('member', connection.id),
    institution_guid: institutionGuid(connection.institution.slug),
    user_guid: spellId('user', user.id),
    account_type: said.account_type ?? typeNumber(account.type),
    user_name: account.nickname ?? account.name,
    name: account.name,
    nickname: account.nickname,
    balance: dollars(currentCents),
    available_balance: dollars(availableCents),
    credit_limit: dollars(limitCents),
    minimum_payment: said.minimum_payment ?? null,
    interest_rate: said.interest_rate ?? null,
    original_balance: said.original_balance ?? null,
    day_payment_is_due: said.day_payment_is_due ?? null,
    property_type: said.property_type ?? null,
    account_number: account.mask === null ? null : `*****${account.mask}`,
    routing_number: null,
    currency_code: currency,
    is_personal: said.is_personal ?? true,
    is_manual: facts !== null,
    is_closed: account.isClosed,
    balance_updated_at: at,
  }
}

const dollars = (cents: number | null) => (cents === null ? null : cents / 100)
const centsOf = (amount: number | null | undefined) => (amount == null ? null : Math.round(amount * 100))

const tag = 'Accounts'
const ListWire = listWire('accounts', AccountWire)

export function accountRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/accounts',
    {
      tag,
      summary: 'Describe an account that nobody reads',
      audience: 'user',
      body: AccountBody,
      status: 201,
      reply: Type.Object({ account: AccountWire }),
    },
    {
      write(ctx, _, { user, body: { account } }) {
        const { user_name, balance, credit_limit, ...facts } = account
        if (account.account_type === PROPERTY && account.property_type == null) throw missing('property_type')
        return addDescribedAccount(ctx, user.id, {
          type: TYPES[account.account_type] ?? 'other.other',
          name: user_name,
          currentCents: centsOf(balance),
          limitCents: centsOf(credit_limit),
          facts,
        })
      },
      toWire: ({ account, connectionId, facts }, _, { user }) => ({
        account: accountWire(account, {
          connection: { id: connectionId, institution: { slug: MANUAL_SLUG } },
          user,
          facts,
        }),
      }),
    },
  )

  read(
    app,
    '/accounts',
    { tag, summary: "List a user's accounts", audience: 'user', query: PageQuery, reply: ListWire },
    async (incoming) => {
      const { ctx, user } = incoming
      const logins = (await listLogins(ctx, user.id)).filter(({ connection }) => connection.connectedAt !== null)
      const lists = await Promise.all(logins.map(({ connection: { id } }) => accountsOf({ ctx, user }, id)))
      const { shown, envelope } = partOf(lists.flat(), incoming)
      return { accounts: shown, ...envelope }
    },
  )

  read(
    app,
    '/members/:guid/accounts',
    { tag, summary: "List a member's accounts", audience: 'user', query: PageQuery, reply: ListWire },
    async (incoming) => {
      const { shown, envelope } = partOf(await accountsOf(incoming, await readable(incoming)), incoming)
      return { accounts: shown, ...envelope }
    },
  )

  forBackEnds(app)
}

const PROPERTY = 8

function missing(member: string): OwnFailure {
  return new OwnFailure(ownErrors.validation, `account.${member} is required.`, {
    fields: { [`account.${member}`]: ['is required'] },
  })
}

async function accountsOf({ ctx, user }: Pick<AboutUser<Incoming>, 'ctx' | 'user'>, connectionId: string) {
  const whose = { id: connectionId, clientId: null }
  const { connection, accounts } = await listHeldAccounts(ctx, whose, { accountIds: null })
  const facts = await describedFacts(ctx, connection.id)
  return accounts.map((account) => accountWire(account, { connection, user, facts: facts.get(account.id) ?? null }))
}

/** The connection of a member whose data can be read. */
async function readable(incoming: AboutUser<Incoming>): Promise<string> {
  const { connection } = await getLogin(incoming.ctx, whoseOf(incoming))
  if (connection.connectedAt === null) throw new OwnFailure(NOT_CONNECTED, 'The member is not connected yet.')
  return connection.id
}

const NOT_CONNECTED = { status: 409, type: 'not_connected' } as const

const NumbersWire = Type.Object({
  account_guid: Text,
  member_guid: Text,
  user_guid: Text,
  account_number: nullable(Text),
  routing_number: nullable(Text),
})
const OwnerWire = Type.Object({
  account_guid: Text,
  member_guid: Text,
  user_guid: Text,
  owner_name: nullable(Text),
  address: nullable(Text),
  city: nullable(Text),
  state: nullable(Text),
  postal_code: nullable(Text),
  email: nullable(Text),
  phone: nullable(Text),
})
const TransactionWire = Type.Object({
  guid: Text,
  account_guid: Text,
  member_guid: Text,
  user_guid: Text,
  amount: Amount,
  currency_code: Text,
  type: Text,
  date: Text,
  status: Text,
  description: nullable(Text),
  original_description: nullable(Text),
})

/** What the widget has no business with. */
function forBackEnds(app: FastifyInstance): void {
  read(
    app,
    '/members/:guid/account_numbers',
    {
      tag,
      summary: 'Account and routing numbers, in clear',
      audience: 'user',
      query: PageQuery,
      reply: listWire('account_numbers', NumbersWire),
    },
    async (incoming) => {
      const whose = await whoseData(incoming)
      const { connection, accounts } = await listNumbers(incoming.ctx, whose)
      const all = accounts.flatMap(({ id, numbers }) =>
        numbers.ach === null
          ? []
          : [
              {
                account_guid: spellId('account', id),
                member_guid: spellId('member', connection.id),
                user_guid: spellId('user', incoming.user.id),
                account_number: numbers.ach.number,
                routing_number: numbers.ach.routingNumber,
              },
            ],
      )
      const { shown, envelope } = partOf(all, incoming)
      return { account_numbers: shown, ...envelope }
    },
  )

  read(
    app,
    '/members/:guid/account_owners',
    {
      tag,
      summary: 'Whose the accounts are',
      audience: 'user',
      query: PageQuery,
      reply: listWire('account_owners', OwnerWire),
    },
    async (incoming) => {
      const whose = await whoseData(incoming)
      const { connection, accounts } = await listOwners(incoming.ctx, whose, { accountIds: null })
      const all = accounts.flatMap(({ id, owners }) =>
        owners.map(({ names, addresses, emails, phones }) => ({
          account_guid: spellId('account', id),
          member_guid: spellId('member', connection.id),
          user_guid: spellId('user', incoming.user.id),
          owner_name: names[0] ?? null,
          address: addresses[0]?.street ?? null,
          city: addresses[0]?.city ?? null,
          state: addresses[0]?.region ?? null,
          postal_code: addresses[0]?.postalCode ?? null,
          email: emails[0]?.address ?? null,
          phone: phones[0]?.number ?? null,
        })),
      )
      const { shown, envelope } = partOf(all, incoming)
      return { account_owners: shown, ...envelope }
    },
  )

  read(
    app,
    '/members/:guid/transactions',
    {
      tag,
      summary: 'What happened on the accounts, newest first',
      audience: 'user',
      query: PageQuery,
      reply: Type.Object({ transactions: Type.Array(TransactionWire), pagination: PaginationWire }),
    },
    async (incoming) => {
      const whose = await whoseData(incoming)
      const page = readPage(incoming.query)
      const filter = { accountIds: null, fromDate: null, toDate: null }
      const { connection, transactions, total } = await listHeldTransactions(incoming.ctx, whose, filter, {
        page: page.number,
        size: page.size,
      })
      return {
        transactions: transactions.map((line) => ({
          guid: spellId('transaction', line.id),
          account_guid: spellId('account', line.accountId),
          member_guid: spellId('member', connection.id),
          user_guid: spellId('user', incoming.user.id),
          amount: line.cents / 100,
          currency_code: line.currency,
          type: line.direction === 'debit' ? 'DEBIT' : 'CREDIT',
          date: line.on,
          status: line.isPending ? 'PENDING' : 'POSTED',
          description: line.description,
          original_description: line.rawDescription,
        })),
        pagination: pagination(page, total),
      }
    },
  )
}

async function whoseData(incoming: AboutUser<Incoming>) {
  if (incoming.session) throw new OwnFailure(ownErrors.unauthorized, 'This needs an API key.')
  return { id: await readable(incoming), clientId: null }
}
