/**
 * How this face's routes are written: what a route takes and gives as schemas, and one function that calls the core. The
 * rest (validation, versions, the envelope, pages, named requests) is here, once.
 */
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import type { Asking, Ctx, Writing } from '../../core/ctx.js'
import type { Page, PageRequest } from '../../core/pages.js'
import type { Refusal } from '../../core/refuse.js'
import { findAnswer, perform, type Work } from '../../core/requests/requests.js'
import { send, spellRefusal, success } from './answers.js'
import { type Caller, callerOf, FACE, keyOf } from './caller.js'
import { type Named, readWireId, spellId } from './ids.js'
import { pageQuery, readPageRequest, sendPageHeaders } from './paging.js'
import { ErrorEnvelope, enveloped } from './schema.js'
import { downTo, isSince, type Version, type VersionedResource, type Wire } from './versions/versions.js'

/** A request as a route sees it: parsed, and from a known caller. */
export interface Incoming<Params = Readonly<Record<string, string>>, Query = unknown, Body = unknown> {
  readonly ctx: Ctx<Asking>
  readonly version: Version
  /** How this face is reached from outside. */
  readonly publicUrl: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly headers: FastifyRequest['headers']
}

/** Whether the caller wants the answer later. Contract: method/conventions §15; the header is honoured from 2025-07-04 on. */
export function prefersLater({ headers, version }: Pick<Incoming, 'headers' | 'version'>): boolean {
  return isSince(version, '2025-07-04') && String(headers.prefer ?? '').includes('respond-async')
}

interface Facts<Query extends TProperties, Body extends TSchema, Reply extends TSchema> {
  readonly tag: string
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  /** The wire resource whose older versions differ. */
  readonly resource?: VersionedResource
}

type QueryOf<Query extends TProperties> = Static<ReturnType<typeof Type.Object<Query>>>
type Params = Readonly<Record<string, string>>

/** A route that reads one thing. */
export function read<Query extends TProperties, Reply extends TSchema>(
  app: FastifyInstance,
  url: string,
  facts: Facts<Query, TSchema, Reply>,
  handle: (incoming: Incoming<Params, QueryOf<Query>>) => Promise<Wire | null>,
): void {
  app.get(url, { schema: schemaOf(facts, facts.reply) }, async (request) => {
    const incoming = incomingOf<QueryOf<Query>, unknown>(request)
    return success(shaped(facts, incoming.version, await handle(incoming)))
  })
}

/** A route that lists records, newest first, by pages. `cursor` names the kind of id that its cursors are. */
export function list<Query extends TProperties, Reply extends TSchema, Item>(
  app: FastifyInstance,
  url: string,
  facts: Facts<Query, TSchema, Reply> & { readonly cursor: Named },
  handle: (incoming: Incoming<Params, QueryOf<Query>>, page: PageRequest) => Promise<Page<Item>>,
  toWire: (items: readonly Item[], incoming: Incoming<Params, QueryOf<Query>>) => Promise<readonly Wire[]>,
): void {
  const query = { ...pageQuery, ...facts.query }
  app.get(url, { schema: schemaOf({ ...facts, query }, Type.Array(facts.reply)) }, async (request, reply) => {
    const incoming = incomingOf<QueryOf<Query>, unknown>(request)
    const page = await handle(
      incoming,
      readPageRequest(request.query as object, (text) => readWireId(facts.cursor, text)),
    )
    sendPageHeaders(reply, page, (id) => spellId(facts.cursor, id))
    const wires = await toWire(page.items, incoming)
    return success(wires.map((wire) => shaped(facts, incoming.version, wire)))
  })
}

/** The three steps of a route that changes something; see `Work`. */
export interface Change<Incoming, Asked, Result> {
  readonly ask?: (incoming: Incoming) => Promise<Asked>
  readonly write: (ctx: Ctx<Writing>, asked: Asked, incoming: Incoming) => Promise<Result>
  readonly toWire: (result: Result, ctx: Ctx<Writing>, incoming: Incoming) => Promise<Wire | null> | Wire | null
  /** What the caller is told instead of the result, which is kept all the same: a wrong attempt counts. */
  readonly refused?: (result: Result) => Refusal | null
}

/** A route that changes something, once for each name a caller gives. */
export function change<Query extends TProperties, Body extends TSchema, Reply extends TSchema, Asked, Result>(
  app: FastifyInstance,
  method: HTTPMethods,
  url: string,
  facts: Facts<Query, Body, Reply>,
  steps: Change<Incoming<Params, QueryOf<Query>, Static<Body>>, Asked, Result>,
): void {
  app.route({
    method,
    url,
    schema: schemaOf(facts, facts.reply),
    async preValidation(request, reply) {
      const { ctx } = callerOf(request)
      const remembered = await findAnswer(ctx, { face: FACE, key: keyOf(request) })
      if (remembered) return send(reply, remembered, 'replayed')
      // A request without any body is one with an empty body.
      if (facts.body && request.body === undefined) request.body = {}
    },
    async handler(request, reply) {
      const incoming = incomingOf<QueryOf<Query>, Static<Body>>(request)
      const key = keyOf(request)
      const work: Work<Asked, Result> = {
        ...(steps.ask ? { ask: (ctx) => steps.ask?.({ ...incoming, ctx }) as Promise<Asked> } : {}),
        write: (ctx, asked) => steps.write(ctx, asked, incoming),
        spell: async (result, ctx) => {
          const refusal = steps.refused?.(result)
          if (refusal) return spellRefusal(refusal, request)
          const wire = await steps.toWire(result, ctx, incoming)
          return { status: 200, body: String(reply.serialize(success(shaped(facts, incoming.version, wire)))) }
        },
      }
      const performed = await perform(incoming.ctx, { face: FACE, key }, work)
      return send(reply, performed, key === null ? 'bypassed' : performed.isReplay ? 'replayed' : 'stored')
    },
  })
}

function incomingOf<Query, Body>(request: FastifyRequest): Incoming<Params, Query, Body> {
  const { ctx, version, publicUrl }: Caller = callerOf(request)
  return {
    ctx,
    version,
    publicUrl,
    params: request.params as Params,
    query: request.query as Query,
    body: request.body as Body,
    headers: request.headers,
  }
}

function shaped(facts: { readonly resource?: VersionedResource }, version: Version, wire: Wire | null): Wire | null {
  return wire && facts.resource ? downTo(version, facts.resource, wire) : wire
}

function schemaOf<Query extends TProperties>(facts: Facts<Query, TSchema, TSchema>, reply: TSchema) {
  return {
    tags: [facts.tag],
    summary: facts.summary,
    ...(facts.query ? { querystring: Type.Object(facts.query) } : {}),
    ...(facts.body ? { body: facts.body } : {}),
    response: { 200: enveloped(reply), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope },
  }
}
