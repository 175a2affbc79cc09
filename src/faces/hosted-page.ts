/** How a face hands out a hosted page: its headers keep scripts, styles and frames of others away. */
import type { FastifyReply } from 'fastify'

/** The HTML of a built page, by its place in `dist/web` (`connect/elements.html`). */
export type HostedPages = (place: string) => Promise<string>

/** Every page of this machine, for rehearsals. */
export const LOOPBACK_ORIGINS: readonly string[] = ['http', 'https'].flatMap((scheme) =>
  ['localhost', '127.0.0.1'].map((host) => `${scheme}://${host}:*`),
)

export interface Framing {
  /** Origins whose pages may hold this one in a frame; nobody may where there is none. */
  readonly frameAncestors: readonly string[]
  /** For a page whose library writes styles into the document. */
  readonly inlineStyles?: boolean
  /** What the page's scripts mark their style elements with, for pages whose library writes such; new for each answer. */
  readonly styleNonce?: string
}

/**
 * Sends a page that loads only what comes from this server, pictures aside. No `Cross-Origin-Opener-Policy`: a window that a
 * page opens must find its opener. Abuse tests A18, A19; contract moneykit connect.md §2.
 */
export function sendPage(reply: FastifyReply, html: string, framing: Framing): FastifyReply {
  return reply
    .headers({
      'content-security-policy': policy(framing),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(html)
}

function policy({ frameAncestors, inlineStyles = false, styleNonce }: Framing): string {
  // What is no bare origin could end a directive and begin another.
  const framers = frameAncestors.filter((origin) => /^https?:\/\/[\w.:[\]-]+(:\*)?$/.test(origin))
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${inlineStyles ? " 'unsafe-inline'" : ''}${styleNonce === undefined ? '' : ` 'nonce-${styleNonce}'`}`,
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framers.length === 0 ? "'none'" : framers.join(' ')}`,
  ].join('; ')
}
