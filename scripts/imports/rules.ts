/**
 * Which file may import which: wire words outside, money inside, the world beyond a port. A place is the part of the path
 * that decides, such as `core/payments`, `network/world`, `db` or `web`.
 */

export interface Import {
  /** The importing file, from the root of the repository, with `/`. */
  readonly from: string
  /** The imported file, likewise. */
  readonly to: string
}

export interface Violation extends Import {
  /** What would be allowed. */
  readonly allowed: string
}

const PORT = 'src/network/port.ts'
// Values without a world behind them, open to adapters too.
const PLAIN_VALUES = ['src/core/money.ts', 'src/core/ids.ts']

/** Why this import is not allowed, or null. */
export function judge(found: Import): Violation | null {
  if (isTestFile(found.from)) return null
  const rule = RULES.find(({ place }) => placeOf(found.from).startsWith(place))
  if (!rule || rule.permits(found)) return null
  return { ...found, allowed: rule.allowed }
}

interface Rule {
  /** The start of the importing file's place. */
  readonly place: string
  readonly allowed: string
  permits(found: Import): boolean
}

const RULES: readonly Rule[] = [
  {
    place: 'src/faces/',
    allowed:
      'a face imports its own files, plain files of faces, the doors of core (core/x/x.ts) and plain files of core',
    permits: ({ from, to }) => samePlace(from, to) || isFacesFile(to) || isOpenInCore(to),
  },
  {
    place: 'src/core',
    allowed:
      'core imports its own capability, doors of other capabilities (core/x/x.ts), plain files of core, network/port, db and jobs',
    permits: ({ from, to }) =>
      samePlace(from, to) || isOpenInCore(to) || isCollected(from, to) || to === PORT || isIn(to, 'src/db', 'src/jobs'),
  },
  {
    place: PORT,
    allowed: 'the port imports nothing but its own further words (port-x.ts): it is what both sides share',
    permits: ({ to }) => to.startsWith('src/network/port-'),
  },
  {
    place: 'src/network',
    allowed: 'an adapter imports its own files, network/port, db, jobs, core/money and core/ids',
    permits: ({ from, to }) =>
      samePlace(from, to) || isNetworkFile(to) || isIn(to, 'src/db', 'src/jobs') || PLAIN_VALUES.includes(to),
  },
  {
    place: 'src/db',
    allowed: 'db imports nothing of ours',
    permits: ({ to }) => isIn(to, 'src/db'),
  },
  {
    place: 'src/jobs',
    allowed: 'jobs imports nothing of ours but the type of a transaction (db/database)',
    permits: ({ to }) => isIn(to, 'src/jobs') || to === 'src/db/database.ts',
  },
  {
    place: 'web',
    allowed: 'web imports nothing under src: HTTP and generated types only',
    permits: ({ to }) => isIn(to, 'web'),
  },
  {
    place: 'clients',
    allowed: 'clients import nothing under src: HTTP and generated types only',
    permits: ({ to }) => isIn(to, 'clients'),
  },
]

/** Tests arrange through whatever they need, their own room's private files included. */
function isTestFile(file: string): boolean {
  return /\.(test|contract)\.tsx?$/.test(file) || isIn(file, 'test')
}

/** A capability, an adapter or a face is a place of its own; so is every other folder under `src`. */
export function placeOf(file: string): string {
  const parts = file.split('/')
  const depth = ['core', 'network', 'faces'].includes(parts[1] ?? '') ? 3 : 2
  return parts[0] === 'src' ? parts.slice(0, depth).join('/') : (parts[0] ?? '')
}

function samePlace(from: string, to: string): boolean {
  return placeOf(from) === placeOf(to)
}

/** A door, or a file that lies in `core` itself. */
function isOpenInCore(file: string): boolean {
  const [, room, capability, name, deeper] = file.split('/')
  if (room !== 'core' || deeper !== undefined) return false
  return name === undefined || name === `${capability}.ts`
}

/** A capability's refusals are its own, and plain files of core gather them into one list. */
function isCollected(from: string, to: string): boolean {
  return isIn(from, 'src/core') && from.split('/').length === 3 && to.endsWith('/errors.ts')
}

/** What every face needs lies in `faces` itself. */
function isFacesFile(file: string): boolean {
  return isIn(file, 'src/faces') && file.split('/').length === 3
}

function isNetworkFile(file: string): boolean {
  return isIn(file, 'src/network') && file.split('/').length === 3
}

function isIn(file: string, ...folders: readonly string[]): boolean {
  return folders.some((folder) => file.startsWith(`${folder}/`))
}

/** Rounds of capabilities that import one another, each as `a → b → a`. */
export function findCycles(imports: readonly Import[]): readonly string[] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [source, target] = [capabilityOf(from), capabilityOf(to)]
    if (!source || !target || source === target || isTestFile(from)) continue
    next.set(source, (next.get(source) ?? new Set()).add(target))
  }
  const cycles = new Set<string>()
  for (const start of [...next.keys()].sort()) walk(start, [start], next, cycles)
  return [...cycles]
}

function walk(
  start: string,
  path: readonly string[],
  next: ReadonlyMap<string, Set<string>>,
  found: Set<string>,
): void {
  for (const target of next.get(path.at(-1) ?? '') ?? []) {
    if (target === start) found.add([...path, start].join(' → '))
    // Each round is told once, from its alphabetically first member.
    else if (target > start && !path.includes(target)) walk(start, [...path, target], next, found)
  }
}

function capabilityOf(file: string): string | null {
  const [, room, capability, name] = file.split('/')
  return room === 'core' && capability && name !== undefined ? capability : null
}
