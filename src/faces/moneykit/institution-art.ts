/**
 * Images of institutions and merchants: our own, drawn from their names and colours. They are loaded by the browsers and
 * phones of consumers, who have no credentials.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { getInstitution, type RoutedInstitution } from '../../core/connections/connections.js'
import type { MoneykitDesk } from './caller.js'
import type { Place } from './link-wire.js'

export function avatarUrl({ publicUrl }: Place, slug: string): string {
  return `${publicUrl}/assets/institutions/${slug}.svg`
}

export function merchantLogoUrl({ publicUrl }: Place, name: string): string | null {
  const slug = slugOf(name)
  return slug === '' ? null : `${publicUrl}/assets/merchants/${slug}.svg`
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, SLUG_CHARACTERS_MAX)
}

const SLUG_CHARACTERS_MAX = 60
const MERCHANT_COLORS = ['#1D4ED8', '#047857', '#B45309', '#9D174D', '#6D28D9', '#0F766E', '#B91C1C', '#374151']

export function artRoutes(app: FastifyInstance, { base }: MoneykitDesk): void {
  app.get(
    '/assets/institutions/:slug.svg',
    { config: { isPublic: true }, schema: { hide: true } },
    async ({ params }, reply) => {
      return institutionDrawing(reply, await getInstitution(base, slugIn(params)))
    },
  )

  app.get(
    '/assets/merchants/:slug.svg',
    { config: { isPublic: true }, schema: { hide: true } },
    async ({ params }, reply) => {
      const name = slugOf(slugIn(params)).replaceAll('-', ' ')
      const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0)
      return reply.headers(imageHeaders).send(drawing(name, MERCHANT_COLORS[sum % MERCHANT_COLORS.length] ?? '#374151'))
    },
  )
}

/** The mark of an institution. */
export function institutionDrawing(
  reply: FastifyReply,
  { name, color }: Pick<RoutedInstitution, 'name' | 'color'>,
): FastifyReply {
  return reply.headers(imageHeaders).send(drawing(name, color))
}

function slugIn(params: unknown): string {
  return (params as { readonly slug: string }).slug
}

const imageHeaders = {
  'content-type': 'image/svg+xml; charset=utf-8',
  'cache-control': 'public, max-age=86400',
  // The image may be opened by itself: nothing in it runs.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}

/** A rounded square with up to two initials. */
function drawing(name: string, color: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const initials = words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
  const fill = /^#[0-9A-Fa-f]{6}$/.test(color) ? color : '#374151'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 152 152" width="152" height="152" role="img">
  <rect width="152" height="152" rx="34" fill="${fill}"/>
  <path d="M0 118 Q76 84 152 118 V152 H0 Z" fill="#fff" fill-opacity=".14"/>
  <text x="76" y="79" fill="#fff" font-family="system-ui, sans-serif" font-size="62" font-weight="600"
    text-anchor="middle" dominant-baseline="central">${initials}</text>
</svg>
`
}
