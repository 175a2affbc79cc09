/** What release 1.1.6 asks otherwise than its successors. Contract: method/dev-fixtures §3.1 [N113]. */
import { expect, test } from 'vitest'
import { CREDIT_HEALTH, entityAttributes } from './entity-shapes.js'
import { connectedKevin, expectRefusal, sorted, type Visit, verifiedKevin } from './visit.js'

export function earlyPromises(visit: () => Visit<'1.1.6'>): void {
  test('attributes are asked for without saying which, and all six are told', async () => {
    const { client, typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const { attributes } = typed.entities(entityId)
    const made = await attributes.create()
    expect(made).toStrictEqual(entityAttributes(entityId, made.attributes ?? {}))
    expect(sorted(Object.keys(made.attributes ?? {}))).toStrictEqual(sorted(CREDIT_HEALTH))
    expect(await attributes.retrieve(made.id)).toStrictEqual(made)
    expect(await attributes.list()).toStrictEqual([made])
    const entity = await client.entities.retrieve(entityId, { expand: ['attribute'] })
    expect(entity.attribute).toStrictEqual(made)
  })

  test('attributes need a connect first', async () => {
    const { id } = await verifiedKevin(visit())
    const { attributes } = visit().typed.entities(id)
    await expectRefusal('1.1.6', 'PRODUCT_RESTRICTED_CONNECT_REQUIRED', attributes.create())
  })

  test('each product is retrieved by the id that the list shows', async () => {
    const { products } = visit().typed.entities((await connectedKevin(visit())).entityId)
    const listed = Object.values(await products.list())
    expect(listed).toHaveLength(4)
    for (const product of listed) expect(await products.retrieve(product.id)).toStrictEqual(product)
  })
}
