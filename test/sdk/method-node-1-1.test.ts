/** method-node 1.1.6: the early shape of version 2024-04-04. */
import { earlyPromises } from './early-promises.js'
import { startOnFreshDatabase, wholePath } from './whole-path.js'

wholePath('1.1.6', startOnFreshDatabase, earlyPromises)
