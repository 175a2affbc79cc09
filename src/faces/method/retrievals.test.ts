/** Balances and updates. Contract: method/accounts §2, §6; dev-fixtures §6. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, register, topicsOf } from '../../../test/setup/cast.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const CARD_KEYS = {
  sub_type: null,
  opened_at: null,
  closed_at: null,
  balance: null,
  last_payment_amount: null,
  last_payment_date: null,
  next_payment_due_date: null,
  next_payment_minimum_amount: null,
  interest_rate_type: null,
  interest_rate_percentage_max: null,
  interest_rate_percentage_min: null,
  available_credit: null,
  credit_limit: null,
  usage_pattern: null,
}

describe('a balance', () => {
  it('is pending until the institution has answered', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const { account } = await kevin(app).as(call).verified().connected().enter()
    const card = account('mch_302086')
    const before = (await topicsOf(app, keys)).length
    app.clock.advance(1000)
    const { data } = await app.call('POST', `/accounts/${card.id}/balances`, call)
    expect(data).toEqual({
      id: data.id,
      account_id: card.id,
      status: 'pending',
      amount: null,
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(data.id).toMatch(/^bal_/)
    app.clock.advance(1000)
    await app.drain()
    const after = await app.call('GET', `/accounts/${card.id}/balances/${data.id}`, call)
    expect(after.data).toEqual({ ...data, status: 'completed', amount: 1_866_688, updated_at: app.clock.now() })
    expect((await app.call('GET', `/accounts/${card.id}/balances`, call)).data).toEqual([after.data])
    expect((await topicsOf(app, keys)).slice(before)).toEqual(['balance.created', 'balance.updated'])
    expect((await app.call('GET', `/accounts/${card.id}`, call)).data).toEqual({ ...card, balance: data.id })
  })

  it('may be asked for without any body, under a JSON content type', async () => {
    const path = `/accounts/${person.account('mch_2347').id}/balances`
    for (const call of [{}, { text: '' }, { body: {} }]) expect((await app.call('POST', path, call)).status).toBe(200)
  })

  it('fails with a reason when the institution does not know the account any more', async () => {
    const phone = '+15125550211'
    const own = await register(app, { phone, liabilities: [{ mch_id: 'mch_302086', balance: 1000 }] })
    const [account] = (await own.verified().connected().enter()).accounts
    await register(app, { phone, liabilities: [] })
    for (const [path, type, code, subType] of [
      ['balances', 'BALANCE_FAILED', 20001, 'BALANCE_TEMPORARILY_UNAVAILABLE'],
      ['updates', 'UPDATE_FAILED', 21001, 'UPDATE_TEMPORARILY_UNAVAILABLE'],
    ] as const) {
      const { data } = await app.call('POST', `/accounts/${account?.id}/${path}`)
      await app.drain()
      const after = await app.call('GET', `/accounts/${account?.id}/${path}/${data.id}`)
      expect(after).toMatchObject({
        status: 200,
        data: {
          status: 'failed',
          error: {
            type,
            code,
            sub_type: subType,
            message: `${path === 'balances' ? 'Balance' : 'Update'} is temporarily unavailable for this account.`,
          },
        },
      })
    }
  })

  it('of a closed account is refused', async () => {
    const liabilities = [{ mch_id: 'mch_302086', balance: 0, closed: true }]
    const own = await register(app, { phone: '+15125550212', liabilities })
    const [account] = (await own.verified().connected().enter()).accounts
    for (const path of ['balances', 'updates']) {
      expect(await app.call('POST', `/accounts/${account?.id}/${path}`)).toMatchObject({
        status: 400,
        error: { sub_type: 'PRODUCT_UNAVAILABLE' },
      })
      expect((await app.call('GET', `/accounts/${account?.id}/${path}`)).status).toBe(200)
    }
  })

  it('of another account, of another kind or of nobody is not found', async () => {
    const [card, loan] = [person.account('mch_302086'), person.account('mch_2347')]
    const { data } = await app.call('POST', `/accounts/${card.id}/balances`)
    for (const path of [
      `/accounts/${loan.id}/balances/${data.id}`,
      `/accounts/${card.id}/updates/${data.id}`,
      `/accounts/${card.id}/updates/${data.id.replace('bal_', 'upt_')}`,
      `/accounts/${card.id}/balances/bal_fRkTdETCDWCA8`,
      '/accounts/acc_fRkTdETCDWCA8/balances',
    ]) {
      expect(await app.call('GET', path)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
    }
    expect((await app.call('POST', '/accounts/acc_fRkTdETCDWCA8/balances')).status).toBe(404)
  })
})

describe('an update', () => {
  it('of the fixture’s card is pending with fourteen nulls, and then says what the fixture says', async () => {
    const { id } = person.account('mch_302086')
    const { data } = await app.call('POST', `/accounts/${id}/updates`, { body: {} })
    expect(data).toEqual({
      id: data.id,
      status: 'pending',
      account_id: id,
      source: 'direct',
      type: 'credit_card',
      credit_card: CARD_KEYS,
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    await app.drain()
    const { data: after } = await app.call('GET', `/accounts/${id}/updates/${data.id}`)
    expect(after).toEqual({
      ...data,
      status: 'completed',
      credit_card: {
        sub_type: 'flexible_spending',
        opened_at: '2016-12-20',
        closed_at: null,
        balance: 1_866_688,
        last_payment_amount: 100_000,
        last_payment_date: '2023-01-04',
        next_payment_due_date: '2023-02-09',
        next_payment_minimum_amount: 51_060,
        interest_rate_type: 'variable',
        interest_rate_percentage_max: 27.5,
        interest_rate_percentage_min: 20.5,
        available_credit: 930_000,
        credit_limit: 2_800_000,
        usage_pattern: null,
      },
    })
  })

  it('of the fixture’s loan says what the fixture says', async () => {
    const { id } = person.account('mch_2347')
    const [update] = (await app.call('GET', `/accounts/${id}/updates`)).data as unknown as readonly Wire[]
    expect(update?.auto_loan).toEqual({
      sub_type: 'loan',
      balance: 6_083_960,
      original_loan_amount: null,
      opened_at: null,
      closed_at: null,
      last_payment_amount: 88_800,
      last_payment_date: '2022-05-12',
      next_payment_due_date: '2022-06-01',
      next_payment_minimum_amount: 88_883,
      term_length: 84,
      interest_rate_percentage: 5.7,
      interest_rate_type: 'fixed',
      interest_rate_source: 'financial_institution',
      expected_payoff_date: null,
    })
  })

  it('is listed with the others of its account, both sources, newest first', async () => {
    const { accounts } = await kevin(app).verified().connected().enter()
    const id = accounts.find(({ liability }) => liability.mch_id === 'mch_302086')?.id
    const { data } = await app.call('POST', `/accounts/${id}/updates`)
    const listed = (await app.call('GET', `/accounts/${id}/updates`)).data as unknown as readonly Wire[]
    expect(listed.map(({ source }) => source)).toEqual(['direct', 'direct', 'snapshot'])
    expect(listed[0]).toEqual(data)
    expect((await app.call('GET', `/accounts/${id}`)).data.update).toBe(data.id)
  })

  it('shows when its data are from in later shapes, null while there are none', async () => {
    const { id } = person.account('mch_311289')
    const version = '2024-04-04-late'
    const { data } = await app.call('POST', `/accounts/${id}/updates`, { version })
    expect(data.data_as_of).toBeNull()
    await app.drain()
    const after = await app.call('GET', `/accounts/${id}/updates/${data.id}`, { version })
    expect(Date.parse(after.data.data_as_of)).not.toBeNaN()
  })
})

describe('what an update says of', () => {
  const base = [
    'sub_type',
    'opened_at',
    'closed_at',
    'balance',
    'last_payment_amount',
    'last_payment_date',
    'next_payment_due_date',
    'next_payment_minimum_amount',
  ]
  const rate = ['interest_rate_type', 'interest_rate_percentage', 'interest_rate_source']
  const loan = ['original_loan_amount', 'term_length']
  const short = ['balance', 'opened_at', 'closed_at']
  const matrix: Readonly<Record<string, readonly string[]>> = {
    credit_card: Object.keys(CARD_KEYS),
    auto_loan: [...base, ...rate, ...loan, 'expected_payoff_date'],
    mortgage: [...base, ...rate, ...loan, 'expected_payoff_date'],
    personal_loan: [...base, ...rate, ...loan, 'available_credit'],
    student_loans: [...base, ...loan, 'disbursements'],
    collection: base,
    credit_builder: base,
    insurance: base,
    loan: base,
    medical: base,
    utility: base,
    bnpl: short,
    fintech: short,
  }
  const counts: Readonly<Record<string, number>> = {
    credit_card: 14,
    auto_loan: 14,
    mortgage: 14,
    personal_loan: 14,
    student_loans: 11,
    bnpl: 3,
    fintech: 3,
  }
  let accounts: readonly Wire[]

  beforeAll(async () => {
    const liabilities = await Promise.all(
      Object.keys(matrix).map(async (type) => {
        const [merchant] = (await app.call('GET', `/merchants?type=${type}&page_limit=1`)).data as unknown as Wire[]
        return { mch_id: merchant?.id, balance: 123_456 }
      }),
    )
    const own = await register(app, { phone: '+15125550213', liabilities })
    accounts = (await own.verified().connected().enter()).accounts
  })

  it.each(Object.entries(matrix))('a %s is its own set of members', async (type, members) => {
    expect(members).toHaveLength(counts[type] ?? 8)
    const account = accounts.find(({ liability }) => liability.type === type)
    const updates = (await app.call('GET', `/accounts/${account?.id}/updates`)).data as unknown as readonly Wire[]
    const snapshot = updates.find(({ source }) => source === 'snapshot')
    expect(snapshot).toMatchObject({ status: 'completed', type })
    expect(Object.keys(snapshot?.[type]).sort()).toEqual([...members].sort())
    expect(snapshot?.[type].balance).toBe(123_456)
    const nested = Object.keys(matrix).filter((other) => Object.hasOwn(snapshot ?? {}, other))
    expect(nested).toEqual([type])
  })

  it('a student loan at 2025-12-01 has the rate of its draws together, and no term', async () => {
    const account = accounts.find(({ liability }) => liability.type === 'student_loans')
    const [wire] = (await app.call('GET', `/accounts/${account?.id}/updates`, { version: '2025-12-01' }))
      .data as unknown as readonly Wire[]
    const { disbursements, ...told } = wire?.student_loans ?? {}
    expect(Object.keys(told).sort()).toEqual([...base, ...rate, 'original_loan_amount'].sort())
    const rates = disbursements.map((draw: Wire) => draw.interest_rate_percentage)
    expect(told.interest_rate_percentage).toBeGreaterThanOrEqual(Math.min(...rates))
    expect(told.interest_rate_percentage).toBeLessThanOrEqual(Math.max(...rates))
    const [{ interest_rate_type, interest_rate_source }] = disbursements
    expect(told).toMatchObject({ interest_rate_type, interest_rate_source })
    const before = (await app.call('GET', `/accounts/${account?.id}/updates`, { version: '2025-07-04' }))
      .data as unknown as readonly Wire[]
    expect(Object.keys(before[0]?.student_loans).sort()).toEqual([...(matrix.student_loans ?? [])].sort())
  })

  it('a draw of a student loan is thirteen members, and the draws add up', async () => {
    const account = accounts.find(({ liability }) => liability.type === 'student_loans')
    const [update] = (await app.call('GET', `/accounts/${account?.id}/updates`)).data as unknown as readonly Wire[]
    const { disbursements, balance } = update?.student_loans ?? {}
    expect(disbursements.length).toBeGreaterThan(0)
    for (const [index, draw] of disbursements.entries()) {
      expect(Object.keys(draw).sort()).toEqual(
        [
          'sequence',
          'balance',
          'closed_at',
          'disbursed_at',
          'last_payment_amount',
          'last_payment_date',
          'next_payment_due_date',
          'next_payment_minimum_amount',
          ...rate,
          ...loan,
        ].sort(),
      )
      expect(draw.sequence).toBe(index + 1)
    }
    expect(disbursements.reduce((sum: number, draw: Wire) => sum + draw.balance, 0)).toBe(balance)
  })

  it('a student loan has no draws before there is an answer', async () => {
    const { data } = await app.call('POST', `/accounts/${person.account('mch_304444').id}/updates`)
    expect(data).toMatchObject({ status: 'pending', student_loans: { disbursements: [], balance: null } })
  })
})

describe('two hundred requests about one account at a time', () => {
  it('are all answered, in the order in which they were made', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    const card = (await kevin(app).as(call).verified().connected().enter()).account('mch_302086')
    const paths = ['balances', 'updates', 'card_brands'] as const
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const path = `/accounts/${card.id}/${paths[index % paths.length]}`
        return app.call('POST', path, { ...call, version: '2025-07-04' })
      }),
    )
    expect(made.filter(({ status }) => status !== 200)).toEqual([])
    // Two workers side by side, which must not get into each other's way.
    await Promise.all([app.drain(), app.drain()])
    await app.drain()
    const { rows } = await sql<{ id: string; status: string }>`
      select id, status from retrievals where owner_id = ${card.id.slice('acc_'.length)} and detail->>'source' is distinct from 'snapshot'
      order by created_at, id`.execute(app.fresh.db)
    const { rows: ended } = await sql<{ id: string }>`
      select resource_id as id from events where topic in ('balance.updated', 'update.updated', 'card_brand.updated')
        and after->>'ownerId' = ${card.id.slice('acc_'.length)} order by created_at, id`.execute(app.fresh.db)
    expect(rows.filter(({ status }) => status !== 'completed')).toEqual([])
    expect(rows).toHaveLength(201)
    expect(ended.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })
})
