/**
 * A folder in which a user has installed Clearspan and its test kit, offline: both are packed as npm would publish them. The kit is
 * installed by npm; what the server itself depends on is that of this checkout.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

export interface Installation {
  readonly path: string
  /** Runs a program there; its output when it ends well, otherwise an error with it. */
  run(program: string, args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

/** `project` is copied there: a folder of this repository. */
export async function installClearspan(project: string): Promise<Installation> {
  const path = await mkdtemp(join(tmpdir(), 'clearspan-user-'))
  const app = join(path, 'app')
  await cp(join(ROOT, project), app, { recursive: true })
  const [kit, server] = await Promise.all([pack(join(ROOT, 'clients', 'testing'), path), pack(ROOT, path)])
  await installKit(app, kit)
  const modules = join(app, 'node_modules')
  await mkdir(join(modules, 'clearspan'))
  await run('tar', ['-xzf', server, '-C', join(modules, 'clearspan'), '--strip-components=1'])
  await symlink(join(ROOT, 'node_modules'), join(modules, 'clearspan', 'node_modules'))
  await symlink(join(ROOT, 'node_modules', 'method-node'), join(modules, 'method-node'))
  const PATH = `${join(modules, '.bin')}${delimiter}${process.env.PATH}`
  return {
    path: app,
    async run(program, args, environment = {}) {
      const env = { ...process.env, PATH, NODE_OPTIONS: '', ...environment }
      try {
        return (await run(program, [...args], { cwd: app, env })).stdout
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
        throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error })
      }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

async function pack(folder: string, into: string): Promise<string> {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into]
  const { stdout } = await run('npm', args, { cwd: folder })
  const [packed] = Object.values(JSON.parse(stdout)) as { readonly filename: string }[]
  return join(into, packed?.filename ?? '')
}

/** Only the kit: everything else would have to come from a registry. */
async function installKit(app: string, tarball: string): Promise<void> {
  const file = join(app, 'package.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, JSON.stringify({ private: true, type: 'module' }))
  await run('npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', tarball], { cwd: app })
  await writeFile(file, text)
}
