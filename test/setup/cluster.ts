/**
 * One PostgreSQL for the whole test run, with one migrated template database; `freshDatabase` clones it. The server is
 * built at the same time, for the tests that spawn it, and a browser is looked for.
 */
import type { ProvidedContext } from 'vitest'
import type { TestProject } from 'vitest/node'
import { build } from '../../scripts/build.js'
import { migrate } from '../../src/db/migrate.js'
import { inDatabase, runOn } from './address.js'
import { ensureChromium } from './chromium.js'
import { startScratchCluster } from './scratch.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The test cluster's maintenance database. */
    clusterUrl: string
    /** How `create database` clones the migrated one. */
    template: string
    /** The browser's program, or why there is none. */
    chromium: { readonly path: string; readonly problem: null } | { readonly path: null; readonly problem: string }
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startScratchCluster()
  const templateName = `clearspan_template_${process.pid}`
  const tearDown = async () => {
    await runOn(cluster.url, `drop database if exists ${templateName} with (force)`)
    await cluster.stop()
  }
  try {
    await runOn(cluster.url, `create database ${templateName}`)
    const [{ version }] = await runOn(cluster.url, `select current_setting('server_version_num')::int as version`)
    // Copying files takes a third of the work that logging every page does.
    project.provide('template', `template ${templateName} ${version >= 150_000 ? 'strategy file_copy' : ''}`)
    const [chromium] = await Promise.all([lookForChromium(), migrate(inDatabase(cluster.url, templateName)), build()])
    project.provide('chromium', chromium)
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('clusterUrl', cluster.url)
  return tearDown
}

// Tests without a page need none, so only those with one fail for want of it.
async function lookForChromium(): Promise<ProvidedContext['chromium']> {
  try {
    return { path: await ensureChromium(), problem: null }
  } catch (error) {
    return { path: null, problem: (error as Error).message }
  }
}
