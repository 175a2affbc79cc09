/** The three routes of a product that is retrieved on request, whoever owns it: request, retrieve, list. */
import type { FastifyInstance } from 'fastify'
import { type TSchema, Type } from 'typebox'
import {
  checkRequest,
  createRetrieval,
  getRetrieval,
  listRetrievals,
  type Retrievable,
} from '../../core/products/products.js'
import { type Named, readWireId } from './ids.js'
import { openedRetrievalWire } from './retrieval-wire.js'
import { change, list, prefersLater, read } from './routes.js'
import type { Version, VersionedResource } from './versions/versions.js'

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
  /** Whether the versions of a caller get the answer of a synchronous product later, also where nobody asks for that. */
  readonly isAnsweredLater?: (version: Version) => boolean
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

  change(
    app,
    'POST',
    base,
    { ...facts, summary: `Request a ${noun}`, body: body ?? EmptyBody },
    {
      ask: (incoming) =>
        checkRequest(incoming.ctx, product, ownerIdOf(incoming.params), {
          detail: detail?.(incoming.body, incoming.version),
          isAnsweredLater: spelling.isAnsweredLater?.(incoming.version) || prefersLater(incoming),
        }),
      write: (ctx, checked) => createRetrieval(ctx, product, checked),
      toWire: (retrieval, ctx, { publicUrl }) => openedRetrievalWire(ctx, retrieval, publicUrl),
    },
  )

  read(app, `${base}/:id`, { ...facts, summary: `Retrieve a ${noun}` }, async ({ ctx, params, publicUrl }) => {
    const wanted = { ownerId: ownerIdOf(params), retrievalId: readWireId(kind, params.id ?? '') }
    return openedRetrievalWire(ctx, await getRetrieval(ctx, product, wanted), publicUrl)
  })

  list(
    app,
    base,
    { ...facts, summary: `List each ${noun} of ${owner.word}`, cursor: kind },
    ({ ctx, params }, page) => listRetrievals(ctx, product, { ownerId: ownerIdOf(params) }, page),
    async (retrievals, { ctx, publicUrl }) =>
      retrievals.map((retrieval) => openedRetrievalWire(ctx, retrieval, publicUrl)),
  )
}
