import { readFile } from 'node:fs/promises'
import { defineCommand } from 'citty'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

export const seed = defineCommand({
  meta: { name: 'seed', description: 'Put people and their accounts into the simulated world, from a JSON file.' },
  args: { file: { type: 'positional', required: true, description: 'The JSON file', valueHint: 'file.json' } },
  run: ({ args }) =>
    explained(async () => {
      const document = await readDocument(args.file)
      await administer((admin) => admin.seed(document))
    }),
})

async function readDocument(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Problem(`${file} can't be read.`, { cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem(`${file} is not JSON (${cause instanceof Error ? cause.message : 'unknown reason'}).`, { cause })
  }
}
