/**
 * A Dockerfile, read and carried out in a folder: each stage has a root of its own there, and the paths of its steps are those below
 * it. What only an engine can do (users, volumes, ports) is told instead, for a test to look at.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Instruction {
  readonly name: string
  readonly text: string
}

/** What a stage is once all of its steps are done. */
export interface Stage {
  readonly base: string
  readonly root: string
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  /** The last of each instruction that says how the image is run. */
  readonly told: Readonly<Record<string, string>>
  /** As which user it ran each step, in order. */
  readonly users: readonly string[]
}

export interface Playing {
  /** What `COPY` copies from. */
  readonly context: string
  readonly folder: string
  /** Does what a step would; returns false where the step is to be run as it stands. */
  readonly instead: (command: string, workdir: string) => boolean
}

/** Comments are left out, and continued lines are one. */
export function readDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? []
      return { name, text: rest }
    })
}

/** Carries out all stages; returns the last one. */
export function playDockerfile(instructions: readonly Instruction[], playing: Playing): Stage {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const { name, text } of instructions) {
    if (name === 'FROM') {
      const [base = '', , label = String(stages.size)] = text.split(/\s+/)
      stage = emptyStage(base, join(playing.folder, label))
      stages.set(label, stage)
      continue
    }
    if (!stage) throw new Error(`${name} comes before FROM.`)
    const next = carryOut(stage, { name, text }, playing, stages)
    for (const [label, known] of stages) if (known === stage) stages.set(label, next)
    stage = next
  }
  if (!stage) throw new Error('There is no stage.')
  return stage
}

function emptyStage(base: string, root: string): Stage {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true })
  return { base, root, workdir: '/', environment: {}, told: {}, users: [] }
}

function carryOut(
  stage: Stage,
  { name, text }: Instruction,
  playing: Playing,
  stages: ReadonlyMap<string, Stage>,
): Stage {
  switch (name) {
    case 'WORKDIR':
      mkdirSync(within(stage, text), { recursive: true })
      return { ...stage, workdir: text }
    case 'ENV': {
      const pairs = [...text.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value])
      return { ...stage, environment: { ...stage.environment, ...Object.fromEntries(pairs) } }
    }
    case 'COPY':
      copy(stage, text, playing, stages)
      return stage
    case 'RUN': {
      const user = stage.told.USER ?? 'root'
      if (!playing.instead(text, within(stage, stage.workdir))) run(stage, text)
      return { ...stage, users: [...stage.users, user] }
    }
    default:
      return { ...stage, told: { ...stage.told, [name]: text } }
  }
}

/** Where a path of the stage is. */
export function within({ root, workdir }: Stage, path: string): string {
  return join(root, path.startsWith('/') ? path : join(workdir, path))
}

/** Paths of the image in a text, as they are here. */
export function placed({ root }: Stage, text: string): string {
  return text.replaceAll(/(^|[\s='"`])\/(app|data|usr\/local\/bin)\b/g, (_, before, path) => `${before}${root}/${path}`)
}

function run(stage: Stage, command: string): void {
  execFileSync('sh', ['-ec', placed(stage, command)], {
    cwd: within(stage, stage.workdir),
    env: { ...process.env, NODE_OPTIONS: '', ...stage.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function copy(stage: Stage, text: string, playing: Playing, stages: ReadonlyMap<string, Stage>): void {
  const [, from, paths = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(text) ?? []
  const places = paths.split(/\s+/)
  const target = places.pop() ?? ''
  const source = from === undefined ? undefined : stages.get(from)
  if (from !== undefined && !source) throw new Error(`There is no stage ${from}.`)
  for (const path of places) {
    const origin = source ? within(source, path) : join(playing.context, path)
    const isInto = target.endsWith('/') && !statSync(origin).isDirectory()
    const there = within(stage, isInto ? join(target, path) : target)
    mkdirSync(dirname(there), { recursive: true })
    // As links where it can: what is copied is only read.
    if (source) execFileSync('cp', ['-al', origin, there])
    else cpSync(origin, there, { recursive: true, verbatimSymlinks: true })
  }
}
