/** `/docs`: the guides, and the reference of every face from the OpenAPI that the face itself gives. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { type HostedPages, sendPage } from '../faces/hosted-page.js'

interface Guides {
  readonly groups: readonly { readonly group: string; readonly pages: readonly string[] }[]
  readonly pages: readonly Guide[]
}

interface Guide {
  readonly name: string
  readonly title: string
  readonly html: string
}

const FACES = [
  { title: 'Method', slug: 'method' },
  { title: 'MoneyKit', slug: 'moneykit' },
  { title: 'MX Connect', slug: 'mx' },
]
const FRAMED_BY_NOBODY = { frameAncestors: [] }

export function docsPlugin({
  folder,
  pages,
}: {
  readonly folder: string
  readonly pages: HostedPages
}): FastifyPluginAsync {
  let held: Promise<Guides> | undefined
  const guides = () => {
    held ??= readFile(join(folder, 'guides.json'), 'utf8').then((text) => JSON.parse(text) as Guides)
    return held
  }
  const show = async (guide: Guide) => fill(await pages('docs/guide.html'), guide, await guides())
  return async (app) => {
    const hidden = { schema: { hide: true } }
    app.get('/docs', hidden, async (_, reply) => {
      const { groups, pages: all } = await guides()
      const html = `<h1>Guides</h1>\n${groups.map((group) => groupOf(group, all, 'h2')).join('\n')}`
      return sendPage(reply, await show({ name: '', title: 'Docs', html }), FRAMED_BY_NOBODY)
    })
    app.get<{ Params: { readonly '*': string } }>('/docs/guides/*', hidden, async ({ params }, reply) => {
      const guide = (await guides()).pages.find(({ name }) => name === params['*'].replace(/\.md$/, ''))
      if (guide) return sendPage(reply, await show(guide), FRAMED_BY_NOBODY)
      const html = '<h1>There is no such page</h1>\n<p>All guides are named beside this.</p>'
      return sendPage(reply.code(404), await show({ name: '', title: 'No such page', html }), FRAMED_BY_NOBODY)
    })
    app.get('/docs/faces.json', hidden, async () => facesOf(app))
    app.get('/docs/reference', hidden, async (_, reply) =>
      sendPage(reply, await pages('docs/reference.html'), { ...FRAMED_BY_NOBODY, inlineStyles: true }),
    )
  }
}

function facesOf(app: FastifyInstance) {
  return FACES.map(({ title, slug }) => ({ title, slug, url: `/${slug}/openapi.json` })).filter(({ url }) =>
    app.hasRoute({ method: 'GET', url }),
  )
}

function fill(template: string, { name, title, html }: Guide, { groups, pages }: Guides): string {
  const here = `href="/docs/guides/${name}"`
  const list = groups.map((group) => groupOf(group, pages, 'p')).join('\n')
  const navigation = list.replaceAll(here, `${here} aria-current="page"`)
  // By functions, because a text may hold what a replacement would take for a pattern.
  return template
    .replace('%TITLE%', () => title)
    .replaceAll('%NAVIGATION%', () => navigation)
    .replace('%CONTENT%', () => html)
}

function groupOf({ group, pages }: Guides['groups'][number], all: readonly Guide[], heading: 'h2' | 'p'): string {
  const items = pages.map((name) => {
    const title = all.find((guide) => guide.name === name)?.title ?? name
    return `<li><a href="/docs/guides/${name}">${title}</a></li>`
  })
  return `<${heading}>${group}</${heading}>\n<ul>${items.join('')}</ul>`
}
