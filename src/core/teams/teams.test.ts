import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { createKey, createKeyring, DEMO_KEY, ensureDemoTeam, ensureTeam, listKeys, revokeKey } from './teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

/** A keyring with a clock of its own, in milliseconds. */
function keyring(refusesDemoKey = false) {
  let nowMs = 0
  const ring = createKeyring(app.base, { refusesDemoKey, readMs: () => nowMs })
  return {
    read: ring.read,
    advance(ms: number) {
      nowMs += ms
    },
  }
}
const team = (name: string) => ensureTeam(app.base, { name, environment: 'development' })

describe('a key', () => {
  it('opens its team, by its whole secret only', async () => {
    const owner = await team('owner')
    const { key, secret } = await createKey(app.base, { team: owner, label: 'ci' })
    const ring = keyring()
    expect(await ring.read(secret)).toMatchObject({ id: owner.id, environment: 'development' })
    expect(secret.startsWith(key.prefix)).toBe(true)
    for (const other of [secret.slice(0, -1), `${secret}x`, key.prefix, secret.toLowerCase(), '']) {
      expect(await ring.read(other)).toBeNull()
    }
  })

  it('is told apart from others that begin alike', async () => {
    const [one, other] = [await team('one'), await team('other')]
    const begin = 'sk_dev_sameprefix'
    await createKey(app.base, { team: one, label: null, secret: `${begin}1` })
    await createKey(app.base, { team: other, label: null, secret: `${begin}2` })
    const ring = keyring()
    expect((await ring.read(`${begin}1`))?.id).toBe(one.id)
    expect((await ring.read(`${begin}2`))?.id).toBe(other.id)
    expect(await ring.read(`${begin}3`)).toBeNull()
  })

  it('wears its environment', async () => {
    for (const [environment, mark] of [
      ['development', 'sk_dev_'],
      ['sandbox', 'sk_sandbox_'],
      ['production', 'sk_live_'],
    ] as const) {
      const owner = await ensureTeam(app.base, { name: 'marked', environment })
      const { secret } = await createKey(app.base, { team: owner, label: null })
      expect(secret.startsWith(mark)).toBe(true)
      expect((await keyring().read(secret))?.environment).toBe(environment)
    }
  })

  it('is listed without its secret', async () => {
    const owner = await team('listed')
    const { key, secret } = await createKey(app.base, { team: owner, label: 'ci' })
    const listed = await listKeys(app.base, { teamName: 'listed' })
    expect(listed).toEqual([key])
    expect(JSON.stringify(listed)).not.toContain(secret.slice(key.prefix.length))
  })
})

describe('a key that is revoked', () => {
  it('is refused within a second where it was known, and at once elsewhere', async () => {
    const { key, secret } = await createKey(app.base, { team: await team('leaver'), label: null })
    const ring = keyring()
    expect(await ring.read(secret)).not.toBeNull()
    await revokeKey(app.base, key.id)
    ring.advance(1000)
    expect(await ring.read(secret)).toBeNull()
    expect(await keyring().read(secret)).toBeNull()
  })

  it('keeps the moment it was first revoked at', async () => {
    const { key } = await createKey(app.base, { team: await team('twice'), label: null })
    await revokeKey(app.base, key.id)
    const [first] = await listKeys(app.base, { teamName: 'twice' })
    app.clock.advance(1000)
    await revokeKey(app.base, key.id)
    expect(await listKeys(app.base, { teamName: 'twice' })).toEqual([first])
  })

  it('must exist', async () => {
    await expect(revokeKey(app.base, 'nobody')).rejects.toMatchObject({ code: 'team.key_not_found' })
  })
})

describe('the demo key', () => {
  it('opens the demo team on a server that only this machine reaches', async () => {
    const demo = await ensureDemoTeam(app.base)
    expect((await keyring(false).read(DEMO_KEY))?.id).toBe(demo.id)
  })

  it('opens nothing on a server that others reach, even where the demo team exists', async () => {
    await ensureDemoTeam(app.base)
    expect(await keyring(true).read(DEMO_KEY)).toBeNull()
    const open = await openApp({ HOST: '0.0.0.0' })
    try {
      await ensureDemoTeam(open.base)
      expect((await open.call('GET', '/ping', { key: DEMO_KEY })).status).toBe(401)
      expect((await open.call('GET', '/ping')).status).toBe(200)
    } finally {
      await open.close()
    }
  })

  it('is made once, however often the server starts', async () => {
    const [first, second] = [await ensureDemoTeam(app.base), await ensureDemoTeam(app.base)]
    expect(second.id).toBe(first.id)
    expect(await listKeys(app.base, { teamName: 'demo' })).toHaveLength(1)
  })
})

describe('a team', () => {
  it('is one for each name and environment, also when it is made twice at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => team('together')))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    const sandbox = await ensureTeam(app.base, { name: 'together', environment: 'sandbox' })
    expect(sandbox.id).not.toBe(made[0]?.id)
  })
})
