/** method-node 2.1.1: version 2025-07-04, at the pace of an ordinary installation started as the README says. */
import { startByNpm } from '../setup/sdk.js'
import { temporaryFolder } from '../setup/server.js'
import { wholePath } from './whole-path.js'

wholePath('2.1.1', async () => {
  const folder = await temporaryFolder()
  const server = await startByNpm(folder.path)
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await folder.remove()
    },
  }
})
