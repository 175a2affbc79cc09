/**
 * How this face's routes are written: what a route takes and gives as schemas, and functions that call the core. The rest
 * (who may, what is wrong with a request, its version) is here, once, in the order of moneykit/conventions §5.3.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import type { Asking, Ctx, Writing } from '../../core/ctx.js'
import { perform } from '../../core/requests/requests.js'
import { queryReader } from '../queries.js'
import { sendJson } from './answers.js'
import { UNREADABLE } from './bodies.js'
import { type Caller, callerOf, FACE } from './caller.js'
import { InvalidRequest, type ValidationError } from './errors.js'
import { ErrorWire } from './schema.js'
import type { Scope } from './scopes.js'
import { checkerOf } from './validation.js'

/** What is sent: members in the order of the contract; those that are undefined are left out. */
export type Wire = Readonly<Record<string, unknown>>

/** A request as a route sees it: valid, and from a known caller. */
export interface Incoming<Query = unknown, Body = unknown> extends Caller {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
}

interface Facts<Query extends TProperties, Body extends TSchema> {
  readonly tag: string
  readonly summary: string
  /** What the caller must be allowed, all of it; null: nothing in particular. */
  readonly scope: Scope | readonly Scope[] | null
  readonly query?: Query
  readonly body?: Body
  /** Default: 200. */
  readonly status?: 200 | 201 | 202 | 204
  /** Of an answer with a body. */
  readonly reply?: TSchema
}

/** What the hooks know of a route. */
export interface RouteConfig {
  readonly scopes: readonly Scope[]
}

type QueryOf<Query extends TProperties> = Static<ReturnType<typeof Type.Object<Query>>>

/** A route that reads. */
export function read<Query extends TProperties>(
  app: FastifyInstance,
  url: string,
  facts: Facts<Query, TSchema>,
  handle: (incoming: Incoming<QueryOf<Query>>) => Promise<Wire>,
): void {
  const readRequest = requestReader<QueryOf<Query>, unknown>(facts)
  app.get(url, routeOf(facts), async (request, reply) => sendJson(reply, 200, await handle(readRequest(request))))
}

/** The steps of a route that changes something: what the outside has to say, then one transaction. */
export interface Change<Incoming, Asked, Result> {
  readonly ask?: (incoming: Incoming) => Promise<Asked>
  readonly write: (ctx: Ctx<Writing>, asked: Asked, incoming: Incoming) => Promise<Result>
  readonly toWire: (result: Result, ctx: Ctx<Writing>, incoming: Incoming) => Promise<Wire | null> | Wire | null
}

/** A route that changes something. */
export function change<Query extends TProperties, Body extends TSchema, Asked, Result>(
  app: FastifyInstance,
  method: HTTPMethods,
  url: string,
  facts: Facts<Query, Body>,
  steps: Change<Incoming<QueryOf<Query>, Static<Body>>, Asked, Result>,
): void {
  const readRequest = requestReader<QueryOf<Query>, Static<Body>>(facts)
  app.route({
    method,
    url,
    ...routeOf(facts),
    async handler(request, reply) {
      const incoming = readRequest(request)
      const status = facts.status ?? 200
      const { body } = await perform(
        incoming.ctx,
        { face: FACE, key: null },
        {
          ...(steps.ask ? { ask: (ctx: Ctx<Asking>) => steps.ask?.({ ...incoming, ctx }) as Promise<Asked> } : {}),
          write: (ctx, asked) => steps.write(ctx, asked, incoming),
          spell: async (result, ctx) => ({
            status,
            body: JSON.stringify(await steps.toWire(result, ctx, incoming)),
          }),
        },
      )
      return status === 204 ? reply.code(204).send() : sendText(reply, status, body)
    },
  })
}

function sendText(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type('application/json').send(body)
}

function routeOf<Query extends TProperties>(facts: Facts<Query, TSchema>) {
  const status = facts.status ?? 200
  return {
    config: { scopes: facts.scope === null ? [] : [facts.scope].flat() } satisfies RouteConfig,
    schema: {
      tags: [facts.tag],
      summary: facts.summary,
      ...(facts.query ? { querystring: Type.Object(facts.query) } : {}),
      ...(facts.body ? { body: facts.body } : {}),
      response: {
        [status]: facts.reply ?? Type.Null({ description: 'No body' }),
        '4xx': ErrorWire,
        '5xx': ErrorWire,
      },
    },
  }
}

/** The only version there is. */
export const WIRE_VERSION = '2023-02-18'

/** Reads a request; throws `InvalidRequest` with everything that is wrong with it. */
function requestReader<Query, Body>(facts: Facts<TProperties, TSchema>) {
  const readQuery = queryReader(facts.query ?? {}, { commas: true })
  const checkQuery = checkerOf('query', Type.Object(facts.query ?? {}))
  const checkBody = facts.body ? checkerOf('body', facts.body) : null
  return (request: FastifyRequest): Incoming<Query, Body> => {
    const query = readQuery(request.query as Wire)
    const flaws = [
      ...versionFlaws(request),
      ...checkQuery(query),
      ...(checkBody ? bodyFlaws(request.body, checkBody) : []),
    ]
    if (flaws.length > 0) throw new InvalidRequest(flaws)
    return {
      ...callerOf(request),
      params: request.params as Incoming['params'],
      query: query as Query,
      body: request.body as Body,
    }
  }
}

/** An empty value counts as none: some clients always send the header. Contract: moneykit/conventions §3. */
export function versionFlaws({ headers }: FastifyRequest): readonly ValidationError[] {
  const given = headers['moneykit-version'] ?? ''
  if (given === '' || given === WIRE_VERSION) return []
  const message = `value is not a valid enumeration member; permitted: ${WIRE_VERSION}`
  return [{ location: ['header', 'moneykit-version'], message, type: 'type_error.enum' }]
}

function bodyFlaws(body: unknown, check: (body: unknown) => readonly ValidationError[]): readonly ValidationError[] {
  if (body === UNREADABLE) {
    return [{ location: ['body'], message: 'The body is not valid JSON', type: 'value_error.jsondecode' }]
  }
  if (body === undefined) return [{ location: ['body'], message: 'field required', type: 'value_error.missing' }]
  return check(body)
}
