import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { PROTOCOLS } from '../../scripts/docs/operations.js'
import { nameless } from '../../scripts/docs/routes.js'
import {
  accountProducts,
  CREDIT_HEALTH_NAMES,
  consumerProducts,
  consumerSubscriptions,
} from '../../src/core/products/products.js'
import { bands, type Rating } from '../../src/core/products/rating-bands.js'
import { TeamSettings } from '../../src/core/teams/teams.js'
import { CHANNELS, METHODS, offeredMethods } from '../../src/core/verification/verification.js'
import { NEWEST_TYPES, OWN_TYPES, topicOf, WIRE_TYPES } from '../../src/faces/method/event-types.js'
import { methodSpeller } from '../../src/faces/method/method.js'
import { loadDirectory } from '../../src/network/world/directory.js'
import { banksOf } from '../../src/network/world/logins/points.js'
import { TEST_LOGINS, TEST_WORDS } from '../../src/network/world/logins/scripts.js'
import { banner } from '../../src/server/banner.js'
import { readConfig } from '../../src/server/config.js'
import { fileText, type Page, ROOT, readPages } from './pages.js'

const pages = readPages()
const textOf = (path: string) => pages.find((page) => page.path === path)?.text ?? ''

const PATH = /`((?:src|test|scripts|docs)\/[^`\s]*)`/g

test.each(pages)('$path names only files and folders that exist', ({ text }) => {
  const named = [...text.matchAll(PATH)].map(([, path = '']) => path).filter((path) => !/[<>*]|NNNN/.test(path))
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g

test.each(pages)('$path links only to pages and headings that exist', (page) => {
  const broken = [...page.text.matchAll(LINK)].filter(([, file = '', heading]) => !leadsSomewhere(page, file, heading))
  expect(broken.map(([link]) => link)).toEqual([])
})

function leadsSomewhere(page: Page, file: string, heading: string | undefined): boolean {
  const target = file === '' ? page.path : normalize(join(dirname(page.path), file))
  if (!existsSync(join(ROOT, target))) return false
  return heading === undefined || anchorsOf(fileText(target)).includes(heading)
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

const excerpts = pages.flatMap(({ path, blocks }) =>
  blocks.filter(({ language }) => language === 'ts' || language === 'sql').map((block) => ({ path, block })),
)

test.each(excerpts)('the excerpt at $path:$block.line stands in the file it names', ({ block }) => {
  const { file } = block.marks
  if (!file) throw new Error('Give the excerpt a file, as in ```ts file=src/core/ctx.ts.')
  const whole = flat(fileText(file))
  let from = 0
  for (const part of block.code.split(/^\s*\/\/ …\n/m)) {
    const found = whole.indexOf(flat(part), from)
    expect(found, `${file} does not hold:\n${part}`).toBeGreaterThanOrEqual(0)
    from = found + flat(part).length
  }
})

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

test('the README shows the banner that a first start prints', () => {
  const shown = pages.flatMap(({ blocks }) => blocks).find(({ marks }) => marks.banner !== undefined)
  const config = { ...readConfig({}, { isTTY: true }), dataFolder: '<this folder>/.clearspan' }
  expect(shown?.code.trim()).toBe(banner(config, 'http://127.0.0.1:4000/dashboard/sign-in#<key>').trim())
})

test('the README lists every setting, and no other', () => {
  const known = [...fileText('src/server/config.ts').matchAll(/\/\*\* ([A-Z][A-Z0-9_]+)[:,.]/g)].map(([, name]) => name)
  const listed = [...textOf('README.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\|/gm)].map(([, name]) => name)
  expect(new Set(listed)).toEqual(new Set(known))
})

test('every documented persona has a row on the personas page', () => {
  const folder = 'src/network/world/personas'
  const sources = readdirSync(join(ROOT, folder)).map((name) => fileText(`${folder}/${name}`))
  const phones = new Set(sources.flatMap((source) => [...source.matchAll(/phone: '(\+1\d{10})'/g)].map(([, at]) => at)))
  const rows = [...textOf('docs/personas.md').matchAll(/^\| `(\+1\d{10})` +\|/gm)].map(([, phone]) => phone)
  expect(new Set(rows)).toEqual(phones)
})

test('the logins page has every test login and every word, and counts the banks of the directory rightly', async () => {
  const text = textOf('docs/logins.md')
  const named = new Set([...text.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect([...TEST_LOGINS, ...TEST_WORDS].filter((name) => !named.has(name))).toEqual([])
  const users = [...rowsOf('docs/logins.md').keys()].filter((name) => name.startsWith('user_'))
  expect(users.sort()).toEqual([...TEST_LOGINS].sort())
  const { points } = banksOf(await loadDirectory())
  const listed = points.filter(({ isTest, country }) => !isTest && country === 'US').length
  expect(text).toContain(`the ${listed} institutions`)
  for (const { institutionSlug } of points.filter(({ isTest, country }) => isTest || country !== 'US')) {
    expect(text).toContain(institutionSlug)
  }
})

test('the webhooks page lists what is sent: the resources that deliveries have words for, and no other', () => {
  const types = [...WIRE_TYPES, ...NEWEST_TYPES, ...OWN_TYPES]
  const told = new Set(types.map((type) => topicOf(type).split('.')[0] ?? '').filter(hasWords))
  const rows = [...textOf('docs/webhooks.md').matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell)
  const listed = rows.flatMap((cell) => [...cell.matchAll(/`(\w+\.\w+)`/g)].map(([, type = '']) => type))
  expect(listed.filter((type) => !types.includes(type))).toEqual([])
  expect(new Set(listed.map((type) => topicOf(type).split('.')[0]))).toEqual(told)
})

function hasWords(resource: string): boolean {
  const event = { resource, topic: `${resource}.created`, before: null, after: {}, createdAt: '' }
  const webhook = { wireVersion: '2024-04-04', wireType: `${resource}.create`, expandEvent: false }
  try {
    methodSpeller.body({ team: { settings: {} } } as never, event as never, webhook as never)
  } catch (error) {
    // An empty resource cannot be worded, which is another complaint than having no words for it.
    return !(error instanceof Error && error.message.startsWith('This face has no words'))
  }
  return true
}

// The contract lists it to say that it answers 404.
const DROPPED = ['POST /elements/accounts/exchange']
const OPERATION = /(?:^#+ [\d.]* ?|`)((?:GET|POST|PUT|PATCH|DELETE) \/[a-z_./{}]*)(?=`|$|,| —| \()/gm

test('every operation that the method contract names is in the support table', () => {
  const folder = 'docs/contract/method'
  const texts = readdirSync(join(ROOT, folder)).map((name) => fileText(`${folder}/${name}`))
  const named = texts.flatMap((text) => [...text.matchAll(OPERATION)].map(([, operation = '']) => operation))
  const listed = PROTOCOLS[0]?.areas.flatMap(({ operations }) => operations.map(nameless)) ?? []
  const missing = new Set(named.filter((name) => !DROPPED.includes(name) && !listed.includes(nameless(name))))
  expect(named.length).toBeGreaterThan(100)
  expect([...missing]).toEqual([])
})

test('the pages count the institutions and merchants of the directory rightly', () => {
  const { institutions, merchants } = JSON.parse(fileText('src/network/world/directory.json'))
  expect(textOf('README.md')).toContain(`${institutions.length} institutions`)
  expect(textOf('docs/personas.md')).toContain(`${merchants.length} of ${institutions.length} institutions`)
})

/** The cells of every table row of a page whose first cell is a word in backticks. */
function rowsOf(path: string): ReadonlyMap<string, readonly string[]> {
  const rows = [...textOf(path).matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)]
  return new Map(rows.map(([, name = '', rest = '']) => [name, rest.split('|').map((cell) => cell.trim())]))
}

test('the products page shows the bands by which figures are rated, and no others', () => {
  const rows = rowsOf('docs/products.md')
  const shown = CREDIT_HEALTH_NAMES.filter((name) => rows.has(`credit_health_${name}`))
  expect(new Set(shown)).toEqual(new Set(Object.keys(bands)))
  for (const name of shown) {
    const { within, limits } = bands[name] ?? { within: 'below', limits: [] }
    const cellOf = (rating: Rating) => {
      const limit = limits.find(([, of]) => of === rating)?.[0]
      return limit === undefined ? '–' : `${within.replace('_', ' ')} ${limit}`
    }
    const cells = [cellOf('excellent'), cellOf('good'), cellOf('fair'), '`needs_work`']
    expect(rows.get(`credit_health_${name}`)?.slice(1), name).toEqual(cells)
  }
})

test('the products page has every product of an entity and of an account, and says rightly which may be subscribed to', () => {
  const rows = rowsOf('docs/products.md')
  const products = new Set([...Object.keys(consumerProducts), ...Object.keys(accountProducts)])
  products.delete('payment')
  expect(new Set([...rows.keys()].filter((name) => !name.startsWith('credit_health_')))).toEqual(products)
  const named = /Entities can be enrolled in ([^,]+(?:, `\w+`)* and `\w+`)/.exec(textOf('docs/products.md'))?.[1] ?? ''
  const names = [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(new Set(names)).toEqual(new Set(Object.keys(consumerSubscriptions)))
})

test('the verification page has every method with what it proves', () => {
  const settings: TeamSettings = { method: { verification: { byo_kyc: true } } }
  const team = { settings } as never
  const [phone, identity] = CHANNELS.map((channel) => offeredMethods(team, channel))
  const table = /^\| method[\s\S]*?\n\n/m.exec(textOf('docs/verification.md'))?.[0] ?? ''
  const proves = new Map(
    [...table.matchAll(/^\| (`.*?) +\| (\w+)/gm)].flatMap(([, names = '', what = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, what] as const),
    ),
  )
  expect(new Set(proves.keys())).toEqual(new Set(METHODS))
  const proving = (what: string) => [...proves].filter(([name, of]) => name !== 'method_verified' && of === what)
  const both = proving('both').map(([name]) => name)
  expect(new Set([...proving('phone').map(([name]) => name), ...both])).toEqual(new Set(phone))
  expect(new Set([...proving('identity').map(([name]) => name), ...both])).toEqual(new Set(identity))
})

test('the verification page names only errors that the method face has', () => {
  const known = [...textOf('docs/errors.md').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name)
  const listed = [...rowsOf('docs/verification.md').keys()].filter((name) => /^[A-Z]/.test(name))
  expect(listed.length).toBeGreaterThan(8)
  expect(listed.filter((name) => !known.includes(name))).toEqual([])
})

test('the teams page lists every setting of a team, and no other', () => {
  const listed = [...rowsOf('docs/teams.md').keys()].filter((name) =>
    /^(?:products|hosted|method|moneykit|connections)\./.test(name),
  )
  expect(new Set(listed)).toEqual(new Set(leavesOf(TeamSettings)))
})

/** The dotted names of what a schema has no members for. */
function leavesOf(schema: object): readonly string[] {
  const properties: object = 'properties' in schema ? (schema.properties as object) : {}
  return Object.entries(properties).flatMap(([name, member]: [string, object]) =>
    'properties' in member ? leavesOf(member).map((leaf) => `${name}.${leaf}`) : [name],
  )
}
