/** Lists by pages: numbers, cursors, days and filters. Contract: method/conventions §9. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Reply, type Wire } from '../../../test/setup/app.js'

const DAY_MS = 24 * 3_600_000
const COUNT = 25

let app: App
/** Newest first; five a day, every fifth a company. */
let made: readonly Wire[]

beforeAll(async () => {
  app = await openApp()
  const oldestFirst: Wire[] = []
  for (let index = 0; index < COUNT; index++) {
    const type = index % 5 === 4 ? 'corporation' : 'individual'
    oldestFirst.push((await app.call('POST', '/entities', { body: { type } })).data)
    if (index % 5 === 4) app.clock.advance(DAY_MS)
  }
  made = oldestFirst.reverse()
})
afterAll(() => app.close())

const list = (query: string) => app.call('GET', `/entities${query}`)
const idsOf = (records: readonly Wire[]) => records.map(({ id }) => id as string)
const recordsOf = ({ data }: Reply) => data as unknown as readonly Wire[]

interface PageHeaders {
  readonly page: number
  readonly pageCount: number
  readonly limit: number
  readonly total: number
  readonly previous: string | undefined
  readonly next: string | undefined
}

function pageOf({ headers }: Reply): PageHeaders {
  return {
    page: Number(headers['pagination-page']),
    pageCount: Number(headers['pagination-page-count']),
    limit: Number(headers['pagination-page-limit']),
    total: Number(headers['pagination-total-count']),
    previous: headers['pagination-page-cursor-prev'],
    next: headers['pagination-page-cursor-next'],
  }
}

describe('a list', () => {
  it('has ten records a page, newest first, and says where it stands', async () => {
    const answer = await list('')
    expect(idsOf(recordsOf(answer))).toEqual(idsOf(made.slice(0, 10)))
    expect(pageOf(answer)).toEqual({
      page: 1,
      pageCount: 3,
      limit: 10,
      total: COUNT,
      previous: undefined,
      next: made[10]?.id,
    })
  })

  it('is one empty page when there is nothing', async () => {
    const answer = await app.call('GET', '/entities', { key: (await app.newTeam()).development })
    expect(pageOf(answer)).toEqual({ page: 1, pageCount: 1, limit: 10, total: 0, previous: undefined, next: undefined })
  })

  it('is empty behind its last page', async () => {
    const answer = await list('?page=4')
    expect(recordsOf(answer)).toEqual([])
    expect(pageOf(answer)).toMatchObject({ page: 4, pageCount: 3, total: COUNT, next: undefined })
  })

  it('may have a hundred records a page', async () => {
    const answer = await list('?page_limit=100')
    expect(idsOf(recordsOf(answer))).toEqual(idsOf(made))
    expect(pageOf(answer)).toMatchObject({ pageCount: 1, limit: 100, next: undefined })
  })
})

describe.each([
  '',
  '?type=individual',
  '?from_date=2026-03-11&to_date=2026-03-13',
  '?type=individual&status=incomplete',
])('a walk over the list%s', (filter) => {
  const wanted = () =>
    made.filter(({ type, created_at }) => {
      const isOfType = !filter.includes('individual') || type === 'individual'
      const isOfDays =
        !filter.includes('from_date') || (created_at >= '2026-03-11' && created_at < '2026-03-14T00:00:00')
      return isOfType && isOfDays
    })
  const at = (more: string) => list(`${filter}${filter ? '&' : '?'}page_limit=4${more}`)

  it('by numbers sees every record once', async () => {
    const pageCount = Math.ceil(wanted().length / 4)
    const pages = await Promise.all(Array.from({ length: pageCount }, (_, index) => at(`&page=${index + 1}`)))
    expect(pages.flatMap((page) => idsOf(recordsOf(page)))).toEqual(idsOf(wanted()))
    for (const [index, page] of pages.entries()) {
      expect(pageOf(page)).toEqual({
        page: index + 1,
        pageCount,
        limit: 4,
        total: wanted().length,
        previous: wanted()[(index - 1) * 4]?.id,
        next: wanted()[(index + 1) * 4]?.id,
      })
    }
  })

  it('by cursors sees the same pages forward, and the same ones back', async () => {
    const forward: Reply[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const answer = await at(cursor === '' ? '' : `&page_cursor=${cursor}`)
      forward.push(answer)
      cursor = pageOf(answer).next
    }
    expect(forward.flatMap((page) => idsOf(recordsOf(page)))).toEqual(idsOf(wanted()))
    expect(forward.map((page) => pageOf(page).page)).toEqual(forward.map((_, index) => index + 1))
    const back = [forward.at(-1)]
    for (let cursor = pageOf(back[0] as Reply).previous; cursor !== undefined; ) {
      const answer = await at(`&page_cursor=${cursor}`)
      back.unshift(answer)
      cursor = pageOf(answer).previous
    }
    expect(back.map((page) => page?.text)).toEqual(forward.map((page) => page.text))
  })
})

describe('a cursor', () => {
  it('begins its page, and goes with any filter', async () => {
    const corporation = made.find(({ type }) => type === 'corporation')
    const answer = await list(`?type=individual&page_cursor=${corporation?.id}&page_limit=2`)
    const older = made
      .slice(made.findIndex(({ id }) => id === corporation?.id))
      .filter(({ type }) => type === 'individual')
    expect(idsOf(recordsOf(answer))).toEqual(idsOf(older.slice(0, 2)))
  })

  it.each(['ent_fRkTdETCDWCA8', 'acc_fRkTdETCDWCA8', 'nonsense', ''])('of nothing is refused: %j', async (cursor) => {
    expect(await list(`?page_cursor=${cursor}`)).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
  })

  it('of another team is refused', async () => {
    const key = (await app.newTeam()).development
    expect((await app.call('GET', `/entities?page_cursor=${made[0]?.id}`, { key })).status).toBe(400)
  })
})

describe('a range of days', () => {
  const counted = async (query: string) => pageOf(await list(query)).total

  it('has its first and its last day in it', async () => {
    expect(await counted('?from_date=2026-03-11&to_date=2026-03-11')).toBe(5)
    expect(await counted('?from_date=2026-03-13')).toBe(10)
    expect(await counted('?to_date=2026-03-11')).toBe(10)
    expect(await counted('?from_date=2026-03-10&to_date=2026-03-14')).toBe(COUNT)
  })

  it('may be empty', async () => {
    expect(await counted('?from_date=2026-03-12&to_date=2026-03-11')).toBe(0)
    expect(await counted('?from_date=2027-01-01')).toBe(0)
  })

  it('goes with filters', async () => {
    expect(await counted('?from_date=2026-03-11&to_date=2026-03-12&type=corporation')).toBe(2)
    expect(await counted('?from_date=2026-03-11&status=active')).toBe(0)
  })
})

describe('a page', () => {
  it.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=one',
    'page_limit=0',
    'page_limit=101',
    'page_limit=ten',
    'from_date=2026-02-30',
    'from_date=10.03.2026',
    'to_date=2026-03-10T00:00:00Z',
    'to_date=',
    'page=1&page=2',
    'status=asleep',
    'type=llc',
    'status=active&status=disabled',
  ])('that cannot be is refused: %s', async (query) => {
    expect(await list(`?${query}`)).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
  })

  it('is asked for by number or by cursor, not by both', async () => {
    const answer = await list(`?page=1&page_cursor=${made[0]?.id}`)
    expect(answer).toMatchObject({ status: 400, error: { sub_type: 'INVALID_REQUEST' } })
  })
})

describe('a list without pages', () => {
  it('has no headers of pages', async () => {
    const { headers } = await app.call('GET', '/webhooks')
    expect(Object.keys(headers).filter((name) => name.startsWith('pagination'))).toEqual([])
  })
})
