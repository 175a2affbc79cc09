/** The image, without an engine: its steps are carried out in a folder, and what they make is run as the image would run it. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileText, ROOT } from '../docs/pages.js'
import { temporaryFolder } from '../setup/server.js'
import { placed, playDockerfile, readDockerfile, type Stage, within } from './dockerfile.js'

const BUILD_PATIENCE_MS = 240_000

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let image: Stage
const handedOver: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  const context = join(folder.path, 'context')
  gatherContext(context)
  image = playDockerfile(readDockerfile(fileText('Dockerfile')), { context, folder: folder.path, instead })
}, BUILD_PATIENCE_MS)
afterAll(() => folder.remove())

/** What git knows or would take, without what .dockerignore leaves out: the same folders are in both. */
function gatherContext(context: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  const ignored = fileText('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('*'))
  for (const file of files.toString().split('\0').filter(Boolean)) {
    if (ignored.some((path) => file === path || file.startsWith(`${path}/`))) continue
    cpSync(join(ROOT, file), join(context, file))
  }
}

/**
 * Installing would ask a registry: npm proves that the lock file is whole, and the packages are those of this checkout. Giving a folder
 * away needs a user of the image's.
 */
function instead(command: string, workdir: string): boolean {
  if (command.startsWith('npm ci')) {
    execFileSync('sh', ['-ec', `${command} --dry-run --offline`], { cwd: workdir, stdio: 'pipe' })
    execFileSync('cp', ['-al', join(ROOT, 'node_modules'), join(workdir, 'node_modules')])
    // npm writes to this one in place, and it is a link to that of the checkout.
    const list = join(workdir, 'node_modules', '.package-lock.json')
    unlinkSync(list)
    copyFileSync(join(ROOT, 'node_modules', '.package-lock.json'), list)
    return true
  }
  const giving = /^mkdir -m 0700 (\S+) && chown (\S+) \1$/.exec(command)
  if (!giving) return false
  const [, path = '', owner = ''] = giving
  mkdirSync(join(workdir, '..', path), { mode: 0o700 })
  handedOver.push(`${path} to ${owner}`)
  return true
}

test('the image stands on glibc, runs as an ordinary user that has the data folder, and stops by SIGTERM', () => {
  expect(image.base).toMatch(/^node:\d+-(bookworm|trixie)(-slim)?$/)
  const [, major = '0'] = /^node:(\d+)/.exec(image.base) ?? []
  expect(Number(major)).toBeGreaterThanOrEqual(20)
  expect(image.told).toMatchObject({ USER: 'node', STOPSIGNAL: 'SIGTERM', VOLUME: '/data', EXPOSE: '4000' })
  expect(new Set(image.users)).toEqual(new Set(['root']))
  expect(handedOver).toEqual(['/data to node:node'])
  expect(image.environment).toMatchObject({ CLEARSPAN_DATA: '/data', PORT: image.told.EXPOSE })
})

test('what is only needed to build is not in it', () => {
  const { packages } = JSON.parse(fileText('package-lock.json')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
  }
  const needed = Object.keys(packages).filter((path) => packages[path]?.dev)
  expect(needed.length).toBeGreaterThan(100)
  const left = needed.filter((path) => existsSync(within(image, join('/app', path))))
  expect(left).toEqual([])
})

test('it starts on an empty volume, becomes healthy, makes keys and stops in peace', { timeout: 120_000 }, async () => {
  const environment = {
    ...process.env,
    ...Object.fromEntries(Object.entries(image.environment).map(([name, value]) => [name, placed(image, value)])),
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
  }
  const options = { cwd: within(image, image.workdir), env: environment }
  const [program = '', ...args]: string[] = JSON.parse(image.told.CMD ?? '[]')
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const check: string[] = JSON.parse(/CMD (\[.*\])$/.exec(image.told.HEALTHCHECK ?? '')?.[1] ?? '[]')
    const [checker = '', ...checks] = check
    const isHealthy = () => once(spawn(checker, checks, options), 'exit').then(([code]) => code === 0)
    expect(await isHealthy()).toBe(false)
    await expect.poll(isHealthy, { timeout: 60_000, interval: 200 }).toBe(true)
    const clearspan = within(image, '/usr/local/bin/clearspan')
    const made = execFileSync(clearspan, ['keys', 'create', '--team', 'acme'], { ...options, encoding: 'utf8' })
    expect(made).toMatch(/^sk_dev_/)
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
    rmSync(within(image, '/data'), { recursive: true, force: true })
  }
})

test('compose starts it beside PostgreSQL when that answers, with secrets that somebody has to give', () => {
  const { services } = parse(fileText('compose.yaml')) as {
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
  const { clearspan = {}, postgres = {} } = services
  expect(clearspan).toMatchObject({ build: '.', depends_on: { postgres: { condition: 'service_healthy' } } })
  expect(postgres.healthcheck).toMatchObject({ test: ['CMD', 'pg_isready', expect.any(String), expect.any(String)] })
  const given = clearspan.environment as Readonly<Record<string, string>>
  const known = new Set([...fileText('src/server/config.ts').matchAll(/([A-Z][A-Z0-9_]{3,})/g)].map(([name]) => name))
  expect(Object.keys(given).filter((name) => !known.has(name))).toEqual([])
  const address = new URL((given.DATABASE_URL ?? '').replace(/\$\{\w+\}/, 'password'))
  const settings = postgres.environment as Readonly<Record<string, string>>
  expect(address.hostname in services).toBe(true)
  expect([address.username, address.pathname]).toEqual([settings.POSTGRES_USER, `/${settings.POSTGRES_DB}`])
  expect([settings.POSTGRES_PASSWORD, given.CLEARSPAN_MASTER_KEY]).toEqual([
    expect.stringMatching(/^\$\{\w+:\?/),
    expect.stringMatching(/^\$\{\w+:\?/),
  ])
  expect(clearspan.ports).toEqual([`127.0.0.1:4000:${image.told.EXPOSE}`])
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return address && typeof address === 'object' ? address.port : 0
}
