/** method-node 2.1.1: version 2025-07-04, at the pace of an ordinary installation started as the README says. */
import { startByNpm } from '../setup/sdk.js'
import { temporaryFolder } from '../setup/server.js'
import { latePromises } from './late-promises.js'
import { newestPromises } from './newest-promises.js'
import { wholePath } from './whole-path.js'

async function startOrdinary() {
  const folder = await temporaryFolder()
  const server = await startByNpm(folder.path)
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await folder.remove()
    },
  }
}

wholePath('2.1.1', startOrdinary, (visit) => {
  latePromises('2.1.1', visit)
  newestPromises(visit)
})
