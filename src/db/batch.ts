/**
 * Statements that go to PostgreSQL together: it carries them out one after the other, and answers once, when all are done. pg asks
 * for an answer after each, and for the columns of its result each time; both cost PostgreSQL and Node more than a small
 * statement does. So a batch ends with one `Sync`, and the columns of a prepared statement are asked for once.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
import pg from 'pg'
// @ts-expect-error pg's types leave it out
import { prepareValue } from 'pg/lib/utils'

export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Rows that were read or written; null for a command that has none. */
  readonly rowCount: number | null
}

export interface Statement {
  readonly text: string
  /** What it is prepared as; without a name it is parsed each time. */
  readonly name: string | undefined
  readonly values: readonly unknown[]
}

/** A value as it is sent. */
type Spelled = string | Buffer | null

interface Sent extends Statement {
  readonly values: readonly Spelled[]
  readonly rows: Record<string, unknown>[]
  resolve(result: StatementResult): void
  reject(error: unknown): void
}

export interface Columns {
  readonly names: readonly string[]
  readonly parsers: readonly ((text: string) => unknown)[]
  /** A row without values: copies of it are made faster than rows that get one member after the other. */
  readonly emptyRow: Readonly<Record<string, unknown>>
}

// Of characters, or bytes: such a statement takes milliseconds.
const LARGE = 20_000
const NONE: Columns = { names: [], parsers: [], emptyRow: {} }

/** What a batch uses of pg's connection. */
interface Connection {
  /** Texts by the names under which PostgreSQL has them, and under which they are on their way there. */
  readonly parsedStatements: Record<string, string | undefined>
  readonly submittedNamedStatements: Record<string, string | undefined>
  parse(statement: { readonly name: string | undefined; readonly text: string }): void
  bind(statement: { readonly statement: string | undefined; readonly values: readonly Spelled[] }): void
  describe(portal: { readonly type: 'P'; readonly name: '' }): void
  execute(portal: object): void
  flush(): void
  sync(): void
}

export interface BatchParts {
  /** Of the statements that the connection has prepared, by their names. */
  readonly columns: Map<string, Columns>
  /** How values of a type are read. */
  readonly parserOf: (oid: number) => (text: string) => unknown
}

/** What pg's queries have that its types leave out: the statement that is being answered, which pg notes once it was parsed. */
const PgQuery = pg.Query as unknown as new (text: string) => { name: string | undefined; text: string | undefined }

/** Is a query of pg's own class, because pg lets no other share a connection with queries that don't wait. */
export class Batch extends PgQuery {
  readonly #parts: BatchParts
  readonly #statements: Sent[] = []
  #at = 0
  #columns = NONE

  constructor(parts: BatchParts) {
    super('')
    this.#parts = parts
  }

  /** Rejects with PostgreSQL's error, or with that of the statement of the batch which failed before it. */
  add({ text, name, values }: Statement): Promise<StatementResult> {
    const spelled: readonly Spelled[] = values.map(prepareValue)
    return new Promise((resolve, reject) => {
      this.#statements.push({ text, name, values: spelled, rows: [], resolve, reject })
    })
  }

  submit(connection: Connection): null {
    for (const { name, text, values } of this.#statements) {
      if (name === undefined || !isParsed(connection, name)) {
        connection.parse({ name, text })
        if (name !== undefined) connection.submittedNamedStatements[name] = text
      }
      if (isLarge(values)) connection.flush()
      connection.bind({ statement: name, values })
      if (name === undefined || !this.#parts.columns.has(name)) connection.describe({ type: 'P', name: '' })
      connection.execute({})
    }
    connection.sync()
    this.#begin()
    return null
  }

  #begin(): void {
    const statement = this.#statements[this.#at]
    this.name = statement?.name
    this.text = statement?.text
    this.#columns = (statement?.name !== undefined && this.#parts.columns.get(statement.name)) || NONE
  }

  handleRowDescription({
    fields,
  }: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  }): void {
    this.#columns = {
      names: fields.map(({ name }) => name),
      parsers: fields.map(({ dataTypeID }) => this.#parts.parserOf(dataTypeID)),
      emptyRow: Object.fromEntries(fields.map(({ name }) => [name, null])),
    }
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { names, parsers, emptyRow } = this.#columns
    const row = { ...emptyRow }
    for (let index = 0; index < names.length; index++) {
      const text = fields[index]
      if (typeof text === 'string') row[names[index] as string] = parsers[index]?.(text)
    }
    this.#statements[this.#at]?.rows.push(row)
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const statement = this.#statements[this.#at]
    if (!statement) return
    if (statement.name !== undefined) this.#parts.columns.set(statement.name, this.#columns)
    const count = /\d+$/.exec(text)
    statement.resolve({ rows: statement.rows, rowCount: count && Number(count[0]) })
    this.#at++
    this.#begin()
  }

  handleError(error: unknown, connection: Connection): void {
    for (const { name, reject } of this.#statements.slice(this.#at)) {
      if (name !== undefined) delete connection.submittedNamedStatements[name]
      reject(error)
    }
    this.#at = this.#statements.length
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handleReadyForQuery(): void {}
}

/** Whoever waits for a statement before a large one can go on while that is carried out. */
function isLarge(values: readonly Spelled[]): boolean {
  return values.some((value) => value !== null && value.length > LARGE)
}

function isParsed({ parsedStatements, submittedNamedStatements }: Connection, name: string): boolean {
  return parsedStatements[name] !== undefined || submittedNamedStatements[name] !== undefined
}
