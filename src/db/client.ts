/** Connections to PostgreSQL, as everything here uses them: what they prepare, how they send, and how values are read. */
import pg from 'pg'
import { Batch, type Columns, type StatementResult } from './batch.js'

// Beyond this many texts, statements go unnamed: a builder that makes endless shapes must not fill every connection.
const PREPARED_TEXTS_MAX = 400
const preparedNames = new Map<string, string>()

/**
 * A client that prepares every statement with parameters once per connection, whoever wrote it: builder, `sql` tag or pg. Writing
 * to the socket is what sending costs most, so what is sent in one turn of the event loop goes out in one write.
 */
export class PreparingClient extends pg.Client {
  readonly #columns = new Map<string, Columns>()
  #batch: Batch | undefined
  #isGathering = false

  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, types: { getTypeParser: parserOf } })
  }

  // biome-ignore lint/suspicious/noExplicitAny: the signature of pg's overloaded query
  override query(...args: any[]): any {
    this.#submit()
    const [text, values] = args
    if (typeof text === 'string' && Array.isArray(values)) {
      const name = preparedName(text)
      if (name) args.splice(0, 2, { name, text, values })
    }
    this.#gather()
    // biome-ignore lint/suspicious/noExplicitAny: see above
    return (super.query as any)(...args)
  }

  /** Carries out one statement of a transaction, together with the others of the same turn of the event loop: after one that fails, none is. */
  run(text: string, values: readonly unknown[]): Promise<StatementResult> {
    this.#gather()
    this.#batch ??= new Batch({ columns: this.#columns, parserOf })
    return this.#batch.add({ text, name: preparedName(text), values })
  }

  /** Carries out one statement that has nothing to do with the others. */
  runAlone(text: string, values: readonly unknown[]): Promise<StatementResult> {
    this.#submit()
    const result = this.run(text, values)
    this.#submit()
    return result
  }

  #submit(): void {
    const batch = this.#batch
    this.#batch = undefined
    // biome-ignore lint/suspicious/noExplicitAny: a query of a kind that pg's types don't know
    if (batch) super.query(batch as any)
  }

  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const { stream } = this.connection
    stream.cork()
    setImmediate(() => {
      this.#isGathering = false
      this.#submit()
      stream.uncork()
    })
  }
}

function preparedName(text: string): string | undefined {
  const known = preparedNames.get(text)
  if (known || preparedNames.size >= PREPARED_TEXTS_MAX) return known
  const name = `s${preparedNames.size}`
  preparedNames.set(text, name)
  return name
}

const parsers: Record<number, (text: string) => unknown> = {
  [pg.types.builtins.INT8]: Number,
  [pg.types.builtins.NUMERIC]: Number,
  [pg.types.builtins.DATE]: (text) => text,
  [pg.types.builtins.TIMESTAMPTZ]: spellInstant,
}

const IN_UTC = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d*)?\+00$/

/** ISO 8601 with milliseconds. Every row has instants, so those that only need respelling don't become a `Date` first. */
function spellInstant(text: string): string {
  const [, day, time, milliseconds = ''] = IN_UTC.exec(text) ?? []
  return day === undefined ? new Date(text).toISOString() : `${day}T${time}.${milliseconds.padEnd(3, '0')}Z`
}

// biome-ignore lint/suspicious/noExplicitAny: pg types the parser as any
function parserOf(oid: number, format?: 'text' | 'binary'): any {
  const own = parsers[oid]
  return own ?? pg.types.getTypeParser(oid, format as 'text')
}
