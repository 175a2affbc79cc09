/** The README and the guides, taken apart: what they show as code, and what they point to. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Page {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

/** A fenced block. Its first line is `` ```<language> <word> <name>=<value> <name>="<value>" ``. */
export interface Block {
  /** Of the first line, in the page. */
  readonly line: number
  readonly language: string
  readonly marks: Readonly<Record<string, string>>
  readonly code: string
}

/** Every page that people write or read as a guide; the contracts are reference and not run. */
export function readPages(): readonly Page[] {
  const guides = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', 'CHANGELOG.md', ...guides.map((name) => `docs/${name}`)].map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    return { path, text, blocks: blocksOf(text) }
  })
}

export function fileText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

const FENCE = /^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\1```$/gm
const MARK = /([\w-]+)(?:=(?:"([^"]*)"|(\S+)))?/g

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(FENCE)].map(({ index, 1: indent = '', 2: language = '', 3: marks = '', 4: code = '' }) => ({
    line: text.slice(0, index).split('\n').length,
    language,
    marks: Object.fromEntries([...marks.matchAll(MARK)].map(([, name, quoted, bare]) => [name, quoted ?? bare ?? ''])),
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}
