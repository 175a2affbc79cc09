/** The three routes of a product that is retrieved on request, whoever owns it: request, retrieve, list. */
import type { FastifyInstance } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { Ctx, Reading } from '../../core/ctx.js'
import {
  checkRequest,
  createRetrieval,
  getRetrieval,
  listRetrievals,
  type Retrievable,
  type Retrieval,
} from '../../core/products/products.js'
import { type Named, readWireId } from './ids.js'
import { retrievalWire } from './retrieval-wire.js'
import { change, list, read } from './routes.js'
import type { Version, VersionedResource, Wire } from './versions/versions.js'

export interface RetrievalSpelling {
  readonly path: string
  readonly kind: Named
  /** What one of them is called in the reference. */
  readonly noun: string
  readonly reply: TSchema
  readonly resource?: VersionedResource
  /** What a request may say; default: nothing. */
  readonly body?: TSchema
  /** What of that is kept with the retrieval. */
  readonly detail?: (body: unknown, version: Version) => object
  /** Default: the object that needs nothing but the retrieval. */
  readonly toWire?: (retrieval: Retrieval, ctx: Ctx<Reading | 'vault'>) => Wire
}

const owners = {
  account: { base: '/accounts/:acc_id', param: 'acc_id', tag: 'Account products', word: 'an account' },
  consumer: { base: '/entities/:ent_id', param: 'ent_id', tag: 'Entity products', word: 'an entity' },
} as const

const EmptyBody = Type.Object({})

/** Adds the routes of one product, under the path of what owns it. Contract: method/accounts §2, §6, method/entities §4–§7. */
export function retrievalResource<Kind extends keyof typeof owners, Answer>(
  app: FastifyInstance,
  product: Retrievable<Kind, Answer>,
  spelling: RetrievalSpelling,
): void {
  const { path, kind, noun, reply, resource, body, detail } = spelling
  const owner = owners[product.owner]
  const base = `${owner.base}/${path}`
  const facts = { tag: owner.tag, reply, ...(resource ? { resource } : {}) }
  const ownerIdOf = (params: Readonly<Record<string, string>>) => readWireId(product.owner, params[owner.param] ?? '')
  const toWire = spelling.toWire ?? ((retrieval: Retrieval) => retrievalWire(retrieval))

  change(
    app,
    'POST',
    base,
    { ...facts, summary: `Request a ${noun}`, body: body ?? EmptyBody },
    {
      ask: ({ ctx, params, body: given, version }) =>
        checkRequest(ctx, product, ownerIdOf(params), detail?.(given, version)),
      write: (ctx, checked) => createRetrieval(ctx, product, checked),
      toWire,
    },
  )

  read(app, `${base}/:id`, { ...facts, summary: `Retrieve a ${noun}` }, async ({ ctx, params }) => {
    const wanted = { ownerId: ownerIdOf(params), retrievalId: readWireId(kind, params.id ?? '') }
    return toWire(await getRetrieval(ctx, product, wanted), ctx)
  })

  list(
    app,
    base,
    { ...facts, summary: `List each ${noun} of ${owner.word}`, cursor: kind },
    ({ ctx, params }, page) => listRetrievals(ctx, product, { ownerId: ownerIdOf(params) }, page),
    async (retrievals, { ctx }) => retrievals.map((retrieval) => toWire(retrieval, ctx)),
  )
}
