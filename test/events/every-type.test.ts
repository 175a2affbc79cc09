/** For each type of event that the contract lists: its change is really made, and its delivery arrives. Contract: method/webhooks-events §3. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeSettings } from '../../src/core/teams/teams.js'
import { recipes } from '../../src/faces/method/recipes/recipes.js'
import { type Ask, stageOf, type VersionDate } from '../../src/faces/method/recipes/stage.js'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { createTeamKey, type MethodApi, methodApi, sharedEnvironment } from '../setup/method-api.js'
import { runClearspan, type SpawnedServer, spawnServer } from '../setup/server.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'

const TYPES = Object.entries(recipes)
const sent = TYPES.flatMap(([type, recipe]) => ('make' in recipe ? [[type, recipe] as const] : []))
const neverSent = TYPES.flatMap(([type, recipe]) => ('make' in recipe ? [] : [type]))
const NEWEST_MEMBERS = ['webhook_id', 'id', 'type', 'op', 'path', 'event', 'refs']
const olderMembers = (body: object) => ['id', 'type', 'path', ...('event' in body ? ['event'] : [])]
const PATIENCE = { timeout: 10_000, interval: 20 }

let database: FreshDatabase
let server: SpawnedServer
let subscriber: Subscriber
/** A team for each set of things that recipes want settled. */
const apis = new Map<string, MethodApi>()
beforeAll(async () => {
  database = await freshDatabase()
  const environment = sharedEnvironment(database)
  server = await spawnServer({ environment })
  subscriber = await openSubscriber()
  const settings = new Map(sent.map(([, { needs }]) => [JSON.stringify(needs), needs]))
  for (const [name, needs] of settings) {
    const key = await createTeamKey(name, environment)
    if (needs) await changeSettings({ db: database.db }, { name, environment: 'development' }, () => needs)
    apis.set(name, methodApi(server, key))
  }
}, 60_000)
afterAll(async () => {
  await server.stop()
  await Promise.all([subscriber.close(), database.close()])
})

/** Every type in the first column of the contract's table, the shortened ones written out. */
function listedTypes(): readonly string[] {
  const contract = readFileSync(new URL('../../docs/contract/method/webhooks-events.md', import.meta.url), 'utf8')
  const table = /^## 3\. Event types$([\s\S]*?)^Counts:/m.exec(contract)?.[1] ?? ''
  return [...table.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) => {
    const words = [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
    const whole: string[] = []
    for (const word of words.filter((each) => each.includes('.'))) {
      whole.push(word.startsWith('.') ? `${whole.at(-1)?.replace(/\.\w+$/, '')}${word}` : word)
    }
    const names = words.filter((word) => !word.includes('.'))
    return whole.flatMap((word) => (word.includes('<name>') ? names.map((name) => word.replace('<name>', name)) : word))
  })
}

test('there is a recipe, or a reason against one, for each of the 91 types that the contract lists, and no other', () => {
  const listed = listedTypes()
  expect(new Set(listed).size).toBe(91)
  expect(TYPES.map(([type]) => type).sort()).toEqual([...listed].sort())
})

test.each(sent)('%s arrives, and leads to what it tells of', { timeout: 60_000 }, async (type, recipe) => {
  const api = apis.get(JSON.stringify(recipe.needs)) as MethodApi
  const headers = { 'method-version': recipe.version }
  const url = `${subscriber.url}/${type}`
  const webhook = (await api.post('/webhooks', { type, url }, headers)).body.data
  const path = await recipe.make(stageOf(askOver(api), recipe.version), { rotateSigningKey })
  const told = () => subscriber.received.filter(({ path: where }) => where === `/${type}`).map(({ body }) => body)
  const id = path.slice(path.lastIndexOf('/') + 1)
  await expect.poll(told, PATIENCE).toContainEqual(expect.objectContaining({ id, type, path }))
  await api.delete(`/webhooks/${webhook.id}`)
  const found = await api.get(path, headers)
  expect([found.status, found.body.data.id]).toEqual([200, id])
  for (const body of told()) {
    expect(Object.keys(body)).toEqual(recipe.version === '2025-12-01' ? NEWEST_MEMBERS : olderMembers(body))
    expect(body.type).toBe(type)
    expect((await api.get(body.path, headers)).status, body.path).toBe(200)
    await expectEventOf(api, body.event, { type, version: recipe.version, id: body.id })
  }
})

/** What a delivery points to is an event of that resource, known by this type or by the other name of the same thing. */
async function expectEventOf(
  api: MethodApi,
  eventId: unknown,
  { type, version, id }: { readonly type: string; readonly version: VersionDate; readonly id: string },
): Promise<void> {
  if (eventId === undefined || eventId === null) return
  const { status, body } = await api.get(`/events/${eventId}`, { 'method-version': version })
  expect([status, body.data.resource_id]).toEqual([200, id])
  const otherName = type.replace(/^(?:entity|account)_attribute\./, 'attribute.').replace('_value.', '.')
  expect([type, otherName]).toContain(body.data.type)
}

test.each(neverSent)('%s can be registered, and nothing is told by it', async (type) => {
  const [api] = apis.values()
  const body = { type, url: `${subscriber.url}/${type}` }
  const made = await api?.post('/webhooks', body, { 'method-version': '2025-12-01' })
  expect(made?.status).toBe(200)
  expect(subscriber.received.filter(({ path }) => path === `/${type}`)).toEqual([])
})

/** As whoever runs the server does it, beside the server. */
async function rotateSigningKey(): Promise<string> {
  const { output } = await runClearspan(['signing-keys', 'rotate'], sharedEnvironment(database))
  return /\b(wk-[\w-]+)\./.exec(output)?.[1] ?? output
}

function askOver(api: MethodApi): Ask {
  return async ({ method, path, headers, body }) => {
    const { status, text } = await api.send(method, path, body, headers)
    return { status, text }
  }
}
