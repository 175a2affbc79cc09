/** Who gets into the console, and for how long. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import {
  createLink,
  endOperatorSession,
  enterByLink,
  listOperatorSessions,
  type NewSession,
  pageToken,
  readSession,
  setPassword,
  signIn,
} from './operators.js'

const DAY_MS = 24 * 3600 * 1000
const PASSWORD = 'correct horse battery'
const agent = 'a browser'

let app: App
beforeAll(async () => {
  app = await openApp()
  await setPassword(app.base, PASSWORD)
})
afterAll(() => app.close())
// What was tried before counts no more.
beforeEach(() => app.clock.advance(DAY_MS))

const enter = async () => (await enterByLink(app.base, { link: await createLink(app.base), agent })) as NewSession
const tryPassword = (password: string, address = '192.0.2.1') => signIn(app.base, { password, agent, address })

it('a link lets in once, however many try it at the same time', async () => {
  const link = await createLink(app.base)
  const entered = await Promise.all([1, 2, 3].map(() => enterByLink(app.base, { link, agent })))
  expect(entered.filter((session) => session !== null)).toHaveLength(1)
  expect(await enterByLink(app.base, { link, agent })).toBeNull()
  expect(await enterByLink(app.base, { link: 'made up', agent })).toBeNull()
})

it('a link is good for a day', async () => {
  const link = await createLink(app.base)
  app.clock.advance(DAY_MS)
  expect(await enterByLink(app.base, { link, agent })).toBeNull()
})

it('a session is kept alive by being used, ends after a week without, and after a month in any case', async () => {
  const { secret, session } = await enter()
  expect(await readSession(app.base, secret)).toMatchObject({ id: session.id, agent })
  for (let day = 0; day < 29; day++) {
    app.clock.advance(DAY_MS)
    expect(await readSession(app.base, secret)).not.toBeNull()
  }
  app.clock.advance(DAY_MS)
  expect(await readSession(app.base, secret)).toBeNull()
  const idle = await enter()
  app.clock.advance(7 * DAY_MS)
  expect(await readSession(app.base, idle.secret)).toBeNull()
})

it('a session can be ended from elsewhere, and others go on', async () => {
  const [mine, other] = [await enter(), await enter()]
  expect(await listOperatorSessions(app.base)).toHaveLength(2)
  await endOperatorSession(app.base, other.session.id)
  expect(await readSession(app.base, other.secret)).toBeNull()
  expect(await readSession(app.base, mine.secret)).not.toBeNull()
})

it('the password lets in, and nothing else does', async () => {
  expect(await tryPassword(PASSWORD)).toMatchObject({ session: { agent } })
  expect(await tryPassword(`${PASSWORD} `)).toBe('wrong')
  expect(await tryPassword('')).toBe('wrong')
  expect(await tryPassword('x'.repeat(900))).toBe('wrong')
})

it('five wrong passwords from one address are enough for a quarter of an hour; others may still try', async () => {
  const tries = await Promise.all(Array.from({ length: 8 }, (_, index) => tryPassword(`guess number ${index}`)))
  expect(tries.filter((outcome) => outcome === 'wrong')).toHaveLength(5)
  expect(await tryPassword(PASSWORD)).toBe('too_many')
  expect(await tryPassword(PASSWORD, '192.0.2.2')).toMatchObject({ session: {} })
  app.clock.advance(15 * 60_000)
  expect(await tryPassword(PASSWORD)).toMatchObject({ session: {} })
})

it('another password ends every session', async () => {
  const { secret } = await enter()
  await setPassword(app.base, PASSWORD)
  expect(await readSession(app.base, secret)).toBeNull()
})

it('no secret is kept as it is', async () => {
  const link = await createLink(app.base)
  const { secret } = await enter()
  const tables = ['operator_password', 'operator_links', 'operator_sessions']
  const rows = await Promise.all(tables.map((table) => app.fresh.database.pool.query(`select t::text from ${table} t`)))
  const text = JSON.stringify(rows.map(({ rows: each }) => each))
  for (const hidden of [link, secret, PASSWORD, pageToken(secret)]) {
    expect(text).not.toContain(hidden)
    expect(text).not.toContain(Buffer.from(hidden).toString('hex'))
  }
})
