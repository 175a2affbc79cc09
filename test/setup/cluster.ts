/**
 * One PostgreSQL for the whole test run, with one migrated template database; `freshDatabase` clones it. The server is
 * built at the same time, for the tests that spawn it.
 */
import type { TestProject } from 'vitest/node'
import { build } from '../../scripts/build.js'
import { migrate } from '../../src/db/migrate.js'
import { inDatabase, runOn } from './address.js'
import { startScratchCluster } from './scratch.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The test cluster's maintenance database. */
    clusterUrl: string
    /** The migrated database to clone. */
    templateName: string
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
    await Promise.all([migrate(inDatabase(cluster.url, templateName)), build()])
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('clusterUrl', cluster.url)
  project.provide('templateName', templateName)
  return tearDown
}
