/** Whatever is asked of clocks, in whatever order: they never go back, and how often a way is broken changes nothing. F13. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMs } from '../../src/core/clock/clock.js'
import { type App, type Keys, openApp, type Wire } from '../setup/app.js'
import { kevin, provenCard, stranger } from '../setup/cast.js'

const DAY_MS = 86_400_000
const HISTORIES = 15
const WAYS = 4

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const clockOf = async (keys: Keys) => (await app.call('GET', '/simulate/clock', { key: keys.development })).data
const move = (keys: Keys, body: object) => app.call('POST', '/simulate/clock', { body, key: keys.development })

type Command =
  | { readonly advance: number }
  | { readonly setAheadMs: number }
  | { readonly freeze: boolean }
  | { readonly wait: number }

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ advance: fc.integer({ min: 0, max: 40 * 86_400 }) }),
  fc.record({ setAheadMs: fc.integer({ min: -DAY_MS, max: 40 * DAY_MS }) }),
  fc.record({ freeze: fc.boolean() }),
  fc.record({ wait: fc.integer({ min: 0, max: 3 * DAY_MS }) }),
)

/** What a team's clock says, by the simplest reckoning. */
interface Model {
  now: number
  isFrozen: boolean
}

test('no commands make a clock say anything but what they add up to, nor move a clock that they were not given to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(0, 1), command), { minLength: 5, maxLength: 25 }),
      async (steps) => {
        const teams = [await app.newTeam(), await app.newTeam()]
        const models: Model[] = teams.map(() => ({ now: Date.parse(app.clock.now()), isFrozen: false }))
        for (const [whose, asked] of steps) {
          const [keys, model] = [teams[whose], models[whose]]
          if (!keys || !model) continue
          if ('wait' in asked) {
            app.clock.advance(asked.wait)
            await app.drain()
            for (const each of models) each.now += each.isFrozen ? 0 : asked.wait
          } else await follow(keys, model, asked)
          for (const [index, each] of teams.entries()) {
            expect(await clockOf(each)).toEqual({
              now: new Date(models[index]?.now ?? 0).toISOString(),
              frozen: models[index]?.isFrozen,
              moving_to: null,
            })
          }
        }
      },
    ),
    { numRuns: HISTORIES },
  )
})

async function follow(keys: Keys, model: Model, asked: Exclude<Command, { wait: number }>): Promise<void> {
  if ('setAheadMs' in asked) {
    const { status } = await move(keys, { set: new Date(model.now + asked.setAheadMs).toISOString() })
    expect(status).toBe(asked.setAheadMs < 0 ? 400 : 200)
    model.now += Math.max(0, asked.setAheadMs)
    return
  }
  expect((await move(keys, asked)).status).toBe(200)
  if ('advance' in asked) model.now += asked.advance * 1000
  else model.isFrozen = asked.freeze
}

test('forty days are the same life, whether they pass at once or in any number of steps', async () => {
  const start = Date.parse(app.clock.now())
  const whole = await lifeIn([40 * DAY_MS], start)
  expect(whole.filter(([topic]) => topic === 'credit_score.updated')).toHaveLength(40)
  expect(
    await lifeIn(
      Array.from({ length: 40 }, () => DAY_MS),
      start,
    ),
  ).toEqual(whole)
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 40 * DAY_MS - 1 }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      const stops = [...at.sort((one, other) => one - other), 40 * DAY_MS]
      const steps = stops.map((stop, index) => stop - (stops[index - 1] ?? 0))
      expect(await lifeIn(steps, start)).toEqual(whole)
    }),
    { numRuns: WAYS },
  )
}, 240_000)

/** What happens to the same people in a team of its own: topics, statuses and times of everything that was recorded. */
async function lifeIn(
  stepsMs: readonly number[],
  startMs: number,
): Promise<readonly (readonly [string, string, string])[]> {
  const keys = await app.newTeam()
  const by = { key: keys.development }
  await move(keys, { freeze: true })
  expect(Date.parse((await clockOf(keys)).now)).toBe(startMs)
  const person = await kevin(app).as(by).verified().connected().enter()
  const card = await provenCard(app, by)
  const visitor = await stranger(app).as(by).enter()
  const sms = { type: 'phone', method: 'sms', sms: {} }
  await app.call('POST', `/entities/${visitor.id}/verification_sessions`, { body: sms, ...by })
  for (const enroll of ['credit_score', 'connect', 'attribute']) {
    await app.call('POST', `/entities/${person.id}/subscriptions`, { body: { enroll }, ...by })
  }
  for (const enroll of ['update', 'update.snapshot', 'transactions']) {
    await app.call('POST', `/accounts/${card.id}/subscriptions`, { body: { enroll }, ...by })
  }
  for (const ms of stepsMs) {
    const { now } = await clockOf(keys)
    const { data } = (await move(keys, { set: addMs(now, ms) })) as { readonly data: Wire }
    expect(data.now).toBe(addMs(now, ms))
  }
  const { team } = await app.ctx(keys)
  const { rows } = await app.fresh.database.pool.query(
    `select topic, coalesce(after->>'status', '') as status, date_trunc('milliseconds', created_at)::text as at
     from events where team_id = $1 order by at, topic, status`,
    [team.id],
  )
  return rows.map(({ topic, status, at }) => [topic, status, at] as const)
}
