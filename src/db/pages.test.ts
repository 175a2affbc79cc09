/** Pages and the totals beside them, over random lists. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/setup/database.js'
import { inTx } from './database.js'
import { type Page, type PageRequest, readPage } from './pages.js'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

const TEAM = 'team'
const KINDS = ['individual', 'corporation'] as const
const STATUSES = ['incomplete', 'active'] as const

interface Row {
  readonly id: string
  readonly createdAt: string
  readonly kind: (typeof KINDS)[number]
  readonly status: (typeof STATUSES)[number]
}

beforeEach(empty)

async function empty(): Promise<void> {
  await sql`truncate consumers, list_counts, teams cascade`.execute(fresh.db)
  await sql`insert into teams (id, name, environment, data_key, created_at)
    values (${TEAM}, 'a', 'development', '', now()), ('other', 'b', 'development', '', now())`.execute(fresh.db)
}

async function add(rows: readonly Row[], team = TEAM): Promise<void> {
  await sql`
    insert into consumers (team_id, id, kind, status, address, created_at, updated_at)
    select ${team}, r.id, r.kind, r.status, '{}', r."createdAt", r."createdAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id text, kind text, status text, "createdAt" timestamptz)`.execute(fresh.db)
}

interface Filter {
  readonly kind: string | null
  readonly status: string | null
}

function read(filter: Filter, request: PageRequest): Promise<Page<{ id: string }> | null> {
  const { kind, status } = filter
  return readPage(
    fresh.db,
    {
      table: 'consumers',
      columns: sql`t.id`,
      where: sql`t.team_id = ${TEAM} ${kind === null ? sql`` : sql`and t.kind = ${kind}`}
        ${status === null ? sql`` : sql`and t.status = ${status}`}`,
      teamId: TEAM,
      total: { kept: 'consumers', facets: [kind, status] },
    },
    request,
  )
}

// Few moments and few days, so that many rows share them.
const moments = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 }))
  .map(([day, micros]) => `2026-03-0${day}T23:59:59.99999${micros}Z`)
const rowsArbitrary = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-cA-C]{4}$/),
    createdAt: moments,
    kind: fc.constantFrom(...KINDS),
    status: fc.constantFrom(...STATUSES),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
)
const filterArbitrary = fc.record({
  kind: fc.constantFrom(null, ...KINDS),
  status: fc.constantFrom(null, ...STATUSES),
})
const day = fc.option(fc.constantFrom('2026-03-02', '2026-03-03', '2026-03-04'))

function sortedIds(rows: readonly Row[], filter: Filter, request: Pick<PageRequest, 'fromDate' | 'toDate'>): string[] {
  return rows
    .filter(({ kind }) => filter.kind === null || kind === filter.kind)
    .filter(({ status }) => filter.status === null || status === filter.status)
    .filter(({ createdAt }) => request.fromDate === null || createdAt.slice(0, 10) >= request.fromDate)
    .filter(({ createdAt }) => request.toDate === null || createdAt.slice(0, 10) <= request.toDate)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1))
    .map(({ id }) => id)
}
const keyOf = ({ createdAt, id }: Row) => createdAt + id

describe('a walk', () => {
  it('by numbers, and by cursors forward and back, sees the sorted list whatever the page size, filters and days', async () => {
    const limits = fc.integer({ min: 1, max: 12 })
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        filterArbitrary,
        limits,
        day,
        day,
        async (rows, filter, limit, fromDate, toDate) => {
          await empty()
          await add(rows)
          await add(rows, 'other')
          const wanted = sortedIds(rows, filter, { fromDate, toDate })
          const at = async (place: Partial<PageRequest>) => {
            const page = await read(filter, { fromDate, toDate, limit, page: 1, cursor: null, ...place })
            if (!page) throw new Error('The cursor of a page is known.')
            return page
          }
          const pageCount = Math.max(1, Math.ceil(wanted.length / limit))
          const seen: string[] = []
          let cursor: string | null = null
          for (let number = 1; number <= pageCount; number++) {
            const slice = wanted.slice((number - 1) * limit, number * limit)
            const expected = {
              items: slice.map((id) => ({ id })),
              number,
              pageCount,
              limit,
              total: wanted.length,
              previous: number === 1 ? null : wanted[(number - 2) * limit],
              next: wanted[number * limit] ?? null,
            }
            expect(await at({ page: number })).toEqual(expected)
            const byCursor: Page<{ id: string }> = await at({ cursor })
            expect(byCursor).toEqual(expected)
            seen.push(...byCursor.items.map(({ id }) => id))
            cursor = byCursor.next
          }
          expect(seen).toEqual(wanted)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('may begin at any record, and goes with filters that leave that record out', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, filterArbitrary, fc.nat(), async (rows, filter, pick) => {
        fc.pre(rows.length > 0)
        await empty()
        await add(rows)
        const all = sortedIds(rows, { kind: null, status: null }, { fromDate: null, toDate: null })
        const from = all[pick % all.length] as string
        const wanted = sortedIds(rows, filter, { fromDate: null, toDate: null })
        const page = await read(filter, { fromDate: null, toDate: null, limit: 100, page: 1, cursor: from })
        const older = new Set(all.slice(all.indexOf(from)))
        expect(page?.items.map(({ id }) => id)).toEqual(wanted.filter((id) => older.has(id)))
      }),
      { numRuns: 25 },
    )
  })

  it('cannot begin at a record of another team or at none', async () => {
    await add([{ id: 'mine', createdAt: '2026-03-01T00:00:00Z', kind: 'individual', status: 'active' }])
    await add([{ id: 'theirs', createdAt: '2026-03-01T00:00:00Z', kind: 'individual', status: 'active' }], 'other')
    const from = (cursor: string) =>
      read({ kind: null, status: null }, { fromDate: null, toDate: null, limit: 10, page: 1, cursor })
    expect(await from('theirs')).toBeNull()
    expect(await from('nobody')).toBeNull()
    expect((await from('mine'))?.items).toEqual([{ id: 'mine' }])
  })
})

describe('the kept totals', () => {
  it('stay equal to what counting finds, whatever is added and changed', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          add: fc.integer({ min: 1, max: 5 }),
          kind: fc.constantFrom(...KINDS),
          status: fc.constantFrom(...STATUSES),
        }),
        fc.record({ to: fc.constantFrom('incomplete', 'active', 'disabled'), share: fc.integer({ min: 1, max: 4 }) }),
      ),
      { maxLength: 15 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        await empty()
        let next = 0
        for (const step of history) {
          if ('add' in step) {
            const made = Array.from({ length: step.add }, () => ({
              id: `c${next++}`,
              createdAt: '2026-03-01T00:00:00Z',
              kind: step.kind,
              status: step.status,
            }))
            await add(made)
            await add(made.slice(1), 'other')
          } else {
            await sql`update consumers set status = ${step.to}, status_reason = ${step.to === 'disabled' ? 'invalid_details' : null}
              where hashtext(id) % 4 < ${step.share - 2} and team_id = ${TEAM}`.execute(fresh.db)
          }
        }
        const { rows } = await sql<{ kept: number; counted: number }>`
          with counted as (
            select team_id, array[kind, status] as facets, count(*) as total from consumers group by 1, 2),
          kept as (
            select team_id, facets, sum(total) as total from list_counts where list = 'consumers' group by 1, 2)
          select coalesce(k.total, 0) as kept, coalesce(c.total, 0) as counted
          from counted c full join kept k using (team_id, facets)`.execute(fresh.db)
        for (const { kept, counted } of rows) expect(kept).toBe(counted)
      }),
      { numRuns: 20 },
    )
  })

  it('are those of a transaction that was rolled back never', async () => {
    const failing = inTx(fresh.db, async (tx) => {
      await sql`insert into consumers (team_id, id, kind, status, address, created_at, updated_at)
        values (${TEAM}, 'x', 'individual', 'active', '{}', now(), now())`.execute(tx)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    const { rows } = await sql<{ total: number }>`select coalesce(sum(total), 0) as total from list_counts`.execute(
      fresh.db,
    )
    expect(rows).toEqual([{ total: 0 }])
  })
})
