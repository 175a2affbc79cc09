/** The built pages of `web`, and what browsers load with them. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import statics from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { type HostedPages, sendPage } from '../faces/hosted-page.js'
import { docsPlugin } from './docs.js'
import { Problem } from './problem.js'

const HERE = dirname(fileURLToPath(import.meta.url))
// Beside the bundle, or, where the sources themselves run, in the folder of the last build.
const FOLDERS = [join(HERE, 'web'), join(HERE, '..', '..', 'dist', 'web')]
const APPLICATIONS = ['home', 'connect', 'dashboard', 'docs']

export interface Web {
  readonly pages: HostedPages
  /** Serves the start page, the icon and the scripts, styles and pictures of every page. */
  readonly plugin: FastifyPluginAsync
}

/** Nothing is read before it is asked for. Throws `Problem` then, where the pages were not built. */
export function openWeb(): Web {
  const folder = FOLDERS.find((candidate) => existsSync(candidate)) ?? FOLDERS[0] ?? ''
  const held = new Map<string, Promise<string>>()
  const pages: HostedPages = (place) => {
    const page = held.get(place) ?? readFile(join(folder, place), 'utf8').catch(notBuilt)
    held.set(place, page)
    return page
  }
  return {
    pages,
    plugin: async (app) => {
      app.get('/', { schema: { hide: true } }, async (_, reply) =>
        sendPage(reply, await pages('home/index.html'), { frameAncestors: [] }),
      )
      // Browsers ask for it beside whatever they show.
      app.get('/favicon.ico', { schema: { hide: true } }, async (_, reply) =>
        reply
          .headers({ 'cache-control': 'public, max-age=86400', 'x-content-type-options': 'nosniff' })
          .type('image/svg+xml')
          .send(await pages('home/favicon.svg')),
      )
      await app.register(docsPlugin({ folder, pages }))
      for (const application of APPLICATIONS) {
        const root = join(folder, application, 'assets')
        if (!existsSync(root)) continue
        await app.register(statics, {
          root,
          prefix: `/${application}/assets/`,
          decorateReply: false,
          index: false,
          // Their names change with what is in them.
          immutable: true,
          maxAge: '365d',
          setHeaders: (response) => {
            response.setHeader('x-content-type-options', 'nosniff')
          },
        })
      }
    },
  }
}

function notBuilt(): never {
  throw new Problem('The pages are not built. Run: npm run build')
}
