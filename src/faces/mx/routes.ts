/**
 * How this face's routes are written: what a route takes and gives as schemas, and functions that call the core. What is about
 * a user is there twice: for widgets, whose token names the user, and under `/users/{user_guid}` for the team's back end.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import type { Asking, Ctx, Writing } from '../../core/ctx.js'
import { perform } from '../../core/requests/requests.js'
import type { WidgetUser } from '../../core/widgets/widgets.js'
import { queryReader } from '../queries.js'
import { sendJson } from './answers.js'
import { type Audience, type Caller, callerOf, FACE } from './caller.js'
import { ErrorWire } from './schema.js'
import { checkerOf } from './validation.js'

/** What is sent: members in the order of the contract. */
export type Wire = Readonly<Record<string, unknown>>

/** A request as a route sees it: valid, and from a known caller. */
export interface Incoming<Query = unknown, Body = unknown> extends Caller {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
}

/** One that is about a user. */
export type AboutUser<I extends Incoming> = I & { readonly user: WidgetUser }

interface Facts<Query extends TProperties, Body extends TSchema> {
  readonly tag: string
  readonly summary: string
  readonly audience: Audience
  readonly query?: Query
  readonly body?: Body
  /** Default: 200. */
  readonly status?: 200 | 201 | 202 | 204
  /** Of an answer with a body. */
  readonly reply?: TSchema
}

/** What the hooks know of a route. */
export interface RouteConfig {
  readonly audience: Audience
}

type QueryOf<Query extends TProperties> = Static<ReturnType<typeof Type.Object<Query>>>

/** A route that reads. */
export function read<Query extends TProperties>(
  app: FastifyInstance,
  url: string,
  facts: Facts<Query, TSchema>,
  handle: (incoming: AboutUser<Incoming<QueryOf<Query>>>) => Promise<Wire>,
): void {
  const readRequest = requestReader<QueryOf<Query>, unknown>(facts)
  for (const path of pathsOf(url, facts.audience)) {
    app.get(path, routeOf(facts), async (request, reply) => sendJson(reply, 200, await handle(readRequest(request))))
  }
}

/** The steps of a route that changes something: what the outside has to say, then one transaction. */
export interface Change<Incoming, Asked, Result> {
  readonly ask?: (incoming: Incoming) => Promise<Asked>
  readonly write: (ctx: Ctx<Writing | 'providers'>, asked: Asked, incoming: Incoming) => Promise<Result>
  readonly toWire: (result: Result, ctx: Ctx<Writing>, incoming: Incoming) => Promise<Wire | null> | Wire | null
}

/** A route that changes something. */
export function change<Query extends TProperties, Body extends TSchema, Asked, Result>(
  app: FastifyInstance,
  method: HTTPMethods,
  url: string,
  facts: Facts<Query, Body>,
  steps: Change<AboutUser<Incoming<QueryOf<Query>, Static<Body>>>, Asked, Result>,
): void {
  const readRequest = requestReader<QueryOf<Query>, Static<Body>>(facts)
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const incoming = readRequest(request)
    const { providers } = incoming.ctx
    const status = facts.status ?? 200
    const { body } = await perform(
      incoming.ctx,
      { face: FACE, key: null },
      {
        ...(steps.ask ? { ask: (ctx: Ctx<Asking>) => steps.ask?.({ ...incoming, ctx }) as Promise<Asked> } : {}),
        write: (ctx, asked) => steps.write({ ...ctx, providers }, asked, incoming),
        spell: async (result, ctx) => ({ status, body: JSON.stringify(await steps.toWire(result, ctx, incoming)) }),
      },
    )
    return status === 204 ? reply.code(204).send() : reply.code(status).type('application/json').send(body)
  }
  for (const path of pathsOf(url, facts.audience)) app.route({ method, url: path, ...routeOf(facts), handler })
}

function pathsOf(url: string, audience: Audience): readonly string[] {
  return audience === 'user' ? [url, `/users/:user_guid${url}`] : [url]
}

function routeOf<Query extends TProperties>(facts: Facts<Query, TSchema>) {
  const status = facts.status ?? 200
  return {
    config: { audience: facts.audience } satisfies RouteConfig as object,
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

/** Reads a request; throws with everything that is wrong with it. */
function requestReader<Query, Body>(facts: Facts<TProperties, TSchema>) {
  const readQuery = queryReader(facts.query ?? {})
  const checkQuery = checkerOf(Type.Object(facts.query ?? {}))
  const checkBody = facts.body ? checkerOf(facts.body) : null
  return (request: FastifyRequest): AboutUser<Incoming<Query, Body>> => {
    const query = readQuery(request.query as Wire)
    checkQuery(query)
    // Whoever has nothing to say may leave the body out.
    const body = request.body ?? {}
    checkBody?.(body)
    return {
      ...callerOf(request),
      params: request.params as Incoming['params'],
      query: query as Query,
      body: body as Body,
    } as AboutUser<Incoming<Query, Body>>
  }
}
