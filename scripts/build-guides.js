/**
 * Makes `dist/web/guides.json` from the README and the pages under `docs`: what `/docs` shows, as HTML. Links between pages lead to
 * their places there, and what is no page (a file of the sources) is named without a link.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, printOf } from './build-files.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const OUTPUT = join(ROOT, 'dist', 'web', 'guides.json')
const PRINT = join(ROOT, 'dist', 'web', '.guides')
const AT_ROOT = ['README.md', 'CHANGELOG.md']

/** Does nothing when the pages are the ones that the guides were made of. */
export async function buildGuides() {
  const inDocs = (await filesIn(join(ROOT, 'docs'))).map((file) => posix.join('docs', file.replaceAll('\\', '/')))
  const files = [...AT_ROOT, ...inDocs.filter((file) => file.endsWith('.md'))]
  const others = ['package-lock.json', 'docs/guides.json', 'scripts/build-guides.js']
  const print = await printOf([...files, ...others].map((file) => join(ROOT, file)))
  if ((await readFile(PRINT, 'utf8').catch(() => '')) === print) return
  const { Marked } = await import('marked')
  const groups = JSON.parse(await readFile(join(ROOT, 'docs', 'guides.json'), 'utf8'))
  const known = new Set(files)
  const pages = await Promise.all(
    files.map(async (file) => {
      const markdown = await readFile(join(ROOT, file), 'utf8')
      const html = await rendererFor(file, known, Marked).parse(markdown)
      return { name: nameOf(file), title: titleOf(markdown), html }
    }),
  )
  await mkdir(dirname(OUTPUT), { recursive: true })
  await writeFile(OUTPUT, JSON.stringify({ groups: [...groups, ...restOf(pages, groups)], pages }))
  await writeFile(PRINT, print)
}

/**
 * A page that has no place yet is shown all the same; the contracts are led to by other pages.
 * @param {readonly { readonly name: string }[]} pages
 * @param {readonly { readonly pages: readonly string[] }[]} groups
 */
function restOf(pages, groups) {
  const placed = new Set(groups.flatMap((group) => group.pages))
  const rest = pages.map(({ name }) => name).filter((name) => !placed.has(name) && !name.includes('/'))
  return rest.length === 0 ? [] : [{ group: 'More', pages: rest }]
}

/** `docs/clock.md` is `clock`. @param {string} file */
function nameOf(file) {
  return file.replace(/^docs\//, '').replace(/\.md$/, '')
}

/** @param {string} markdown */
function titleOf(markdown) {
  return (/^# (.+)$/m.exec(markdown)?.[1] ?? '').replaceAll('`', '')
}

/**
 * @param {string} file
 * @param {ReadonlySet<string>} known
 * @param {typeof import('marked').Marked} Marked
 */
function rendererFor(file, known, Marked) {
  const seen = new Map()
  return new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const slug = slugOf(text)
        const times = seen.get(slug) ?? 0
        seen.set(slug, times + 1)
        const id = times === 0 ? slug : `${slug}-${times}`
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      // Pictures are looked at beside the sources: pages load nothing of the kind.
      image: () => '',
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens)
        const target = placeOf(href, file, known)
        return target === null ? label : `<a href="${target}">${label}</a>`
      },
      code({ text, lang = '' }) {
        const language = lang.split(' ')[0] ?? ''
        return `<pre tabindex="0"><code class="language-${language}">${escaped(text)}</code></pre>\n`
      },
      table({ header, rows }) {
        const line = (/** @type {typeof header} */ cells, /** @type {'th' | 'td'} */ tag) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`
        // A table without headings has empty ones in Markdown.
        const head = header.some(({ text }) => text !== '') ? `<thead>${headOf(line(header, 'th'))}</thead>` : ''
        const body = rows.map((cells) => line(cells, 'td')).join('\n')
        return `<div class="table" tabindex="0">\n<table>${head}<tbody>${body}</tbody></table></div>\n`
      },
    },
  })
}

/** A column without a name heads nothing. @param {string} row */
function headOf(row) {
  return row.replaceAll('<th></th>', '<td></td>')
}

/**
 * @param {string} href
 * @param {string} file
 * @param {ReadonlySet<string>} known
 */
function placeOf(href, file, known) {
  if (/^(https?:|#)/.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const target = posix.normalize(posix.join(posix.dirname(file), path))
  if (!known.has(target)) return null
  return `/docs/guides/${nameOf(target)}${anchor === undefined ? '' : `#${anchor}`}`
}

/** As GitHub makes them of headings. @param {string} text */
function slugOf(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
