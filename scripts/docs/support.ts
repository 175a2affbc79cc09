/** What works and what does not, operation by operation: the page `docs/support.md` and the table in the README. */
import { type Area, PROTOCOLS, type Protocol } from './operations.js'
import { nameless } from './routes.js'

type Support = 'yes' | 'partly' | 'no'

// Not part of any protocol.
const OWN_ROUTES: readonly string[] = [
  'GET /method/openapi.json',
  'GET /moneykit/openapi.json',
  'GET /mx/openapi.json',
  // Images that answers point to.
  'GET /moneykit/assets/institutions/{}.svg',
  'GET /moneykit/assets/merchants/{}.svg',
  'GET /mx/logos/{}.svg',
  // Pages that a user passes on the way to an institution and back.
  'GET /mx/oauth/authorize',
  'POST /mx/oauth/authorize',
  'GET /mx/oauth/redirect_from',
  'GET /mx/connect/widget.js',
  'GET /mx/connect/widget.css',
]

const HEAD = `# What works today

Every operation of the three protocols: **yes** works as the contract describes it, **partly** works with what the last
column names left out, **no** answers 404 or 405. Nobody keeps these answers by hand: they follow from the routes of the
assembled server, and a test run fails when this page does not.`

/** Throws for a route that no protocol lists, so that the page cannot fall behind the server. */
export function supportPage(routes: ReadonlySet<string>): string {
  assertAllListed(routes)
  return [HEAD, ...PROTOCOLS.map((protocol) => protocolSection(protocol, routes))].join('\n\n')
}

function protocolSection(protocol: Protocol, routes: ReadonlySet<string>): string {
  const { title, prefix, contract, areas } = protocol
  const isBegun = areas.some((area) => countOf(protocol, area, routes).no < area.operations.length)
  const intro = isBegun
    ? `Under \`${prefix}\`. The wire is described in [the contract](${contract}).`
    : `**Planned; nothing of it works yet.** It will be served under \`${prefix}\`, as [the contract](${contract}) describes it.`
  const tables = areas.map((area) => `### ${title}: ${area.title}\n\n${areaTable(protocol, area, routes)}`)
  return [`## ${title}`, intro, ...tables].join('\n\n')
}

function areaTable(protocol: Protocol, area: Area, routes: ReadonlySet<string>): string {
  const rows = area.operations.map((operation) => {
    const support = supportOf(protocol, operation, routes)
    return `| \`${operation}\` | ${support} | ${support === 'partly' ? protocol.partly[operation] : ''} |`
  })
  return ['| operation | works | what is missing |', '| --- | --- | --- |', ...rows].join('\n')
}

/** One row for each area that works at least in part, and a paragraph naming the others. */
export function supportSummary(routes: ReadonlySet<string>): string {
  const counted = PROTOCOLS.flatMap((protocol) =>
    protocol.areas.map((area) => ({ protocol, area, count: countOf(protocol, area, routes) })),
  )
  const isPlanned = ({ area, count }: (typeof counted)[number]) => count.no === area.operations.length
  const rows = counted
    .filter((entry) => !isPlanned(entry))
    .map(({ protocol, area, count }) => `| ${protocol.title} | ${area.title} | ${words(count)} |`)
  const planned = PROTOCOLS.flatMap(({ title, areas }) => {
    const names = counted
      .filter((entry) => entry.protocol.title === title && isPlanned(entry))
      .map(({ area }) => area.title)
    if (names.length === 0) return []
    return [names.length === areas.length ? `**${title}**, all of it.` : `**${title}**: ${names.join(' · ')}.`]
  })
  const table = ['| protocol | what | works today |', '| --- | --- | --- |', ...rows].join('\n')
  return planned.length === 0 ? table : `${table}\n\nPlanned, and not there yet. ${planned.join(' ')}`
}

type Count = Readonly<Record<Support, number>>

function words({ yes, partly, no }: Count): string {
  if (partly === 0 && no === 0) return 'yes'
  const parts = [`${yes} of ${yes + partly + no} operations`, ...(partly > 0 ? [`${partly} more in part`] : [])]
  return `partly: ${parts.join(', ')}`
}

function countOf(protocol: Protocol, area: Area, routes: ReadonlySet<string>): Count {
  const supports = area.operations.map((operation) => supportOf(protocol, operation, routes))
  const count = (wanted: Support) => supports.filter((support) => support === wanted).length
  return { yes: count('yes'), partly: count('partly'), no: count('no') }
}

function supportOf(protocol: Protocol, operation: string, routes: ReadonlySet<string>): Support {
  if (!routes.has(nameless(addressOf(protocol, operation)))) return 'no'
  return protocol.partly[operation] === undefined ? 'yes' : 'partly'
}

function addressOf({ prefix }: Protocol, operation: string): string {
  return operation.replace(' ', ` ${prefix}`)
}

/** What widgets call by themselves is under the user as well, for back ends. */
function sameForWidgets(route: string): string {
  return /\/mx\/users\/\{\}\/(?!widget_urls)/.test(route) ? route.replace('/mx/users/{}/', '/mx/') : route
}

function assertAllListed(routes: ReadonlySet<string>): void {
  const listed = new Set(
    PROTOCOLS.flatMap((protocol) =>
      protocol.areas.flatMap((area) => area.operations.map((operation) => nameless(addressOf(protocol, operation)))),
    ),
  )
  const isOfProtocol = (route: string) => PROTOCOLS.some(({ prefix }) => route.includes(` ${prefix}/`))
  const unlisted = [...routes].filter(
    (route) => isOfProtocol(route) && !listed.has(sameForWidgets(route)) && !OWN_ROUTES.includes(route),
  )
  if (unlisted.length > 0) throw new Error(`scripts/docs/operations.ts does not list ${unlisted.join(', ')}.`)
}
