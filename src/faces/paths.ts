/** What a face answers where it has nothing. */
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'

export interface UnknownRoute {
  /** The path is there, with other methods, which the header `allow` names. */
  readonly isPathKnown: boolean
  /** A sentence that says what to do. */
  readonly message: string
}

const UNSAID = new Set(['HEAD', 'OPTIONS'])

/** Tells a wrong method from a wrong path. Call it before the routes are added; `refuse` throws or sends the face's own error. */
export function refuseUnknownRoutes(
  app: FastifyInstance,
  refuse: (unknown: UnknownRoute, reply: FastifyReply) => unknown,
): void {
  const known: { readonly pattern: RegExp; readonly method: string }[] = []
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[a-z_]+/g, '[^/]+')}$`)
    for (const name of [method].flat()) if (!UNSAID.has(name)) known.push({ pattern, method: name })
  })
  app.setNotFoundHandler(({ method, url }, reply) => {
    const path = pathOf(url)
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(path)).map((route) => route.method))
    if (allowed.size === 0)
      return refuse({ isPathKnown: false, message: `There is no route ${method} ${path}.` }, reply)
    reply.header('allow', [...allowed].join(', '))
    const message = `${method} ${path} is not possible. Use ${[...allowed].join(' or ')}.`
    return refuse({ isPathKnown: true, message }, reply)
  })
}

/** A URL without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
