/** method-node 1.2.5: the late shape of version 2024-04-04. */
import { latePromises, retrievableProductPromises } from './late-promises.js'
import { startOnFreshDatabase, wholePath } from './whole-path.js'

wholePath('1.2.5', startOnFreshDatabase, (visit) => {
  latePromises('1.2.5', visit)
  retrievableProductPromises(visit)
})
