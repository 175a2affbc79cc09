/** `/links`: what users have linked. Contract: moneykit/links §4, §5. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  CONNECTION_PRODUCTS,
  changeConnection,
  deleteConnection,
  getConnection,
  listConnections,
  type OwnWebhook,
  requestRefresh,
  resetConnection,
} from '../../core/connections/connections.js'
import { FACE } from './caller.js'
import { spellTime } from './formats.js'
import { spellId } from './ids.js'
import { LinkWire, linkWire } from './link-wire.js'
import { change, read, WIRE_VERSION } from './routes.js'
import { maybe, nullable, oneOf, Text, Time, WebUrl } from './schema.js'
import { refuseReservedTags, Tag } from './tags.js'
import { whoseLink } from './whose.js'

const LINKS_DEFAULT = 1000

const PatchBody = Type.Object({
  webhook: Type.Optional(nullable(WebUrl)),
  link_tags: maybe(Type.Array(Tag)),
  tags: maybe(Type.Array(Tag)),
})

const RefreshBody = Type.Object({ products: Type.Array(oneOf(CONNECTION_PRODUCTS), { minItems: 1 }) })

export function linkRoutes(app: FastifyInstance): void {
  const tag = 'Links'

  read(
    app,
    '/links',
    {
      tag,
      summary: 'List active links',
      scope: 'link:data:read',
      query: {
        cursor: Type.Optional(Text),
        limit: Type.Optional(Type.Integer({ minimum: 500, maximum: 5000 })),
      },
      reply: Type.Object({
        links: Type.Array(Type.Object({ link_id: Text, created_at: Time })),
        next_cursor: Text,
      }),
    },
    async ({ ctx, client, query }) => {
      const page = { clientId: client.app, cursor: query.cursor ?? null, limit: query.limit ?? LINKS_DEFAULT }
      const { connections, next } = await listConnections(ctx, page)
      return {
        links: connections.map(({ id, createdAt }) => ({
          link_id: spellId('link', id),
          created_at: spellTime(createdAt),
        })),
        next_cursor: next ?? '',
      }
    },
  )

  read(app, '/links/:id', { tag, summary: 'Get a link', scope: 'link:data:read', reply: LinkWire }, async (incoming) =>
    linkWire(await getConnection(incoming.ctx, whoseLink(incoming)), incoming),
  )

  change(
    app,
    'PATCH',
    '/links/:id',
    { tag, summary: 'Update a link', scope: 'link:data:read', body: PatchBody, reply: LinkWire },
    {
      write: (ctx, _, incoming) =>
        changeConnection(ctx, whoseLink(incoming), readChanges(incoming.body, incoming.scopes)),
      toWire: (link, _, incoming) => linkWire(link, incoming),
    },
  )

  change(
    app,
    'DELETE',
    '/links/:id',
    { tag, summary: 'Delete a link and its data', scope: 'link:delete', status: 204 },
    {
      write: (ctx, _, incoming) => deleteConnection(ctx, whoseLink(incoming)),
      toWire: () => null,
    },
  )

  change(
    app,
    'POST',
    '/links/:id/reset',
    { tag, summary: 'Disconnect a link by force', scope: 'link:data:refresh', reply: LinkWire },
    {
      write: (ctx, _, incoming) => resetConnection(ctx, whoseLink(incoming)),
      toWire: (link, _, incoming) => linkWire(link, incoming),
    },
  )

  change(
    app,
    'POST',
    '/links/:id/products',
    {
      tag,
      summary: 'Ask for fresh data',
      scope: 'link:data:refresh',
      body: RefreshBody,
      status: 202,
      reply: LinkWire,
    },
    {
      write: (ctx, _, incoming) => requestRefresh(ctx, whoseLink(incoming), [...new Set(incoming.body.products)]),
      toWire: (link, _, incoming) => linkWire(link, incoming),
    },
  )
}

/** A webhook of a link, worded by this face. */
export function ownWebhook(url: string): OwnWebhook {
  return { url, face: FACE, wireVersion: WIRE_VERSION }
}

function readChanges({ webhook, link_tags, tags }: Static<typeof PatchBody>, scopes: readonly string[]) {
  const given = link_tags !== undefined ? link_tags : tags
  refuseReservedTags(given ?? [], scopes)
  return {
    ...(webhook === undefined ? {} : { webhook: webhook === null ? null : ownWebhook(webhook) }),
    ...(given === undefined ? {} : { tags: given ?? [] }),
  }
}
