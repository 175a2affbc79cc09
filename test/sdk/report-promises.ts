/** Reports through an official client. Contract: method/dev-fixtures-accounts F.8. */
import { expect, test } from 'vitest'
import type { Release } from '../setup/sdk.js'
import { expectRefusal, id, instant, type Visit } from './visit.js'

export function reportPromises(release: Release, visit: () => Visit): void {
  test('a report is complete at once, is retrieved, and downloads as text', async () => {
    const { reports } = visit().typed
    const made = await reports.create({ type: 'payments.created.current' })
    expect(made).toStrictEqual({
      id: id('rpt'),
      type: 'payments.created.current',
      url: expect.stringMatching(new RegExp(`/method/reports/${made.id}/download$`)),
      status: 'completed',
      metadata: null,
      created_at: instant,
      updated_at: instant,
    })
    expect(await reports.retrieve(made.id)).toStrictEqual(made)
    expect(await reports.download(made.id)).toMatch(/^id,created_at,updated_at,type,status,source,/)
    await expectRefusal(release, 'NOT_FOUND', reports.retrieve('rpt_unknown'), 404)
  })
}
