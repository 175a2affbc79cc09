/**
 * How this face's routes are written: what a route takes and gives as schemas, and functions that call the core. What is about
 * a user is there twice: for widgets, whose token names the user, and under `/users/{user_guid}` for the team's back end.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import type { Ctx, Writing } from '../../core/ctx.js'
import { findAnswer, perform, settleFailure, type Work } from '../../core/requests/requests.js'
import type { WidgetUser } from '../../core/widgets/widgets.js'
import { queryReader } from '../queries.js'
import { sendAnswer, sendJson, spellFailure } from './answers.js'
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
  /** How long a browser may keep the answer. Default: not at all. */
  readonly keptSeconds?: number
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
    app.get(path, routeOf(facts), async (request, reply) => {
      const wire = await handle(readRequest(request))
      if (facts.keptSeconds) reply.header('cache-control', `private, max-age=${facts.keptSeconds}`)
      return sendJson(reply, 200, wire)
    })
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
    const { ctx } = incoming
    const { providers } = ctx
    const status = facts.status ?? 200
    const named = { face: FACE, key: keyOf(request, incoming) }
    const work: Work<Asked, Result> = {
      ...(steps.ask ? { ask: (inside) => steps.ask?.({ ...incoming, ctx: inside }) as Promise<Asked> } : {}),
      write: (inside, asked) => steps.write({ ...inside, providers }, asked, incoming),
      spell: async (result, inside) => ({
        status,
        body: JSON.stringify(await steps.toWire(result, inside, incoming)),
      }),
    }
    const remembered = await findAnswer(ctx, named)
    if (remembered) return sendAnswer(reply, remembered)
    try {
      return sendAnswer(reply, await perform(ctx, named, work))
    } catch (error) {
      if (named.key === null) throw error
      const answer = spellFailure(error, request, reply)
      return sendAnswer(reply, await settleFailure(ctx, named, { answer, error }))
    }
  }
  for (const path of pathsOf(url, facts.audience)) app.route({ method, url: path, ...routeOf(facts), handler })
}

/** A name that a caller gave to a request counts for the same user and the same path: nobody is told what another was. */
function keyOf(request: FastifyRequest, { user }: AboutUser<Incoming>): string | null {
  const named = request.headers['idempotency-key']
  if (request.method !== 'POST' || typeof named !== 'string' || named === '') return null
  const whose = (user as WidgetUser | null)?.id ?? ''
  return createHash('sha256')
    .update(JSON.stringify([whose, request.url, named]))
    .digest('hex')
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
