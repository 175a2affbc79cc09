/** Every method of verification through an official client. Contract: method/entities §2, dev-fixtures §3.3. */
import { expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { KEVIN, PHONE_SESSION } from '../setup/method-api.js'
import type { Release } from '../setup/sdk.js'
import { verificationFailures } from './entity-shapes.js'
import { expectRefusal, id, instant, type Visit } from './visit.js'

export function verificationPromises(release: Release, visit: () => Visit): void {
  const newSessions = async (individual: object = KEVIN.individual) => {
    const { typed } = visit()
    const entity = await typed.entities.create({ type: 'individual', individual })
    return { entityId: entity.id, sessions: typed.entities(entity.id).verificationSessions }
  }
  const head = (entityId: string) => ({ id: id('evf'), entity_id: entityId })
  const tail = { error: null, created_at: instant, updated_at: instant }

  test('any six digits prove a phone by text message', async () => {
    const { entityId, sessions } = await newSessions()
    const begun = await sessions.create({ type: 'phone', method: 'sms', sms: {} })
    const common = { ...head(entityId), type: 'phone', method: 'sms' }
    expect(begun).toStrictEqual({ ...common, status: 'in_progress', sms: {}, ...tail })
    const ended = await sessions.update(begun.id, { type: 'phone', method: 'sms', sms: { sms_code: '884134' } })
    expect(ended).toStrictEqual({ ...begun, status: 'verified', sms: { timestamp: instant }, updated_at: instant })
    expect(await sessions.retrieve(begun.id)).toStrictEqual(ended)
    expect(await sessions.list()).toStrictEqual([ended])
    expect(await visit().client.entities.retrieve(entityId)).toMatchObject({
      status: 'incomplete',
      verification: { phone: { verified: true, latest_verification_session: begun.id, methods: [] } },
    })
  })

  test('six zeros fail a session for good, and the next session can still verify', async () => {
    const { sessions } = await newSessions()
    const begun = await sessions.create({ type: 'phone', method: 'sms', sms: {} })
    const answer = (sms_code: string) => ({ type: 'phone', method: 'sms', sms: { sms_code } }) as const
    const failed = await sessions.update(begun.id, answer('000000'))
    expect(failed).toStrictEqual({
      ...begun,
      status: 'failed',
      error: verificationFailures[19002],
      updated_at: instant,
    })
    const again = sessions.update(begun.id, answer('884134'))
    await expectRefusal(release, 'VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE', again)
    const next = await sessions.create({ type: 'phone', method: 'sms', sms: {} })
    const verified = await sessions.update(next.id, answer('123456'))
    expect(verified.status).toBe('verified')
    expect(await sessions.list()).toStrictEqual([verified, failed])
  })

  test('a phone is proven by opening a link over its own connection', async () => {
    const { entityId, sessions } = await newSessions()
    const begun = await sessions.create({ type: 'phone', method: 'sna', sna: {} })
    const link = expect.stringMatching(new RegExp(`^http://\\S+/sna/${begun.id}/sna_vrf_\\w{13}$`))
    const common = { ...head(entityId), type: 'phone', method: 'sna' }
    expect(begun).toStrictEqual({ ...common, status: 'in_progress', sna: { urls: [link, link] }, ...tail })
    for (const url of urlsOf(begun)) expect((await fetch(url)).status).toBe(200)
    const ended = await sessions.update(begun.id, { type: 'phone', method: 'sna', sna: {} })
    expect(ended).toStrictEqual({ ...begun, status: 'verified', updated_at: instant })
    expect(await sessions.list()).toStrictEqual([ended])
  })

  test('a link that the network does not confirm fails the session', async () => {
    const { sessions } = await newSessions()
    const begun = await sessions.create({ type: 'phone', method: 'sna', sna: {} })
    await fetch(`${urlsOf(begun)[0]}?result=fail`)
    const failed = await sessions.update(begun.id, { type: 'phone', method: 'sna', sna: {} })
    const error = verificationFailures[19003]
    expect(failed).toStrictEqual({ ...begun, status: 'failed', error, updated_at: instant })
  })

  test('three answered questions prove an identity, and one wrong answer does not', async () => {
    const asked = { ...KEVIN.individual, phone: '+15121231112', dob: '1997-03-18' }
    for (const isRight of [true, false]) {
      const { entityId, sessions } = await newSessions(asked)
      await sessions.create({ type: 'phone', method: 'byo_sms', byo_sms: PHONE_SESSION.byo_sms })
      const begun = await sessions.create({ type: 'identity', method: 'kba', kba: {} })
      const question = { id: id('qtn'), text: expect.any(String), answers: Array(5).fill(labelledAnswer) }
      expect(begun).toStrictEqual({
        ...head(entityId),
        status: 'in_progress',
        type: 'identity',
        method: 'kba',
        kba: { questions: [question, question, question], authenticated: false },
        ...tail,
      })
      const answers = (begun.kba?.questions ?? []).map(({ id: question_id, answers }, index) => {
        const wanted = isRight || index > 0 ? '(Correct)' : '(Incorrect)'
        return { question_id, answer_id: answers.find(({ text }) => text.endsWith(wanted))?.id }
      })
      // Their types have room for one answer only.
      const untyped = visit().client.entities(entityId).verificationSessions
      const ended = await untyped.update(begun.id, { type: 'identity', method: 'kba', kba: { answers } })
      expect(ended).toStrictEqual({
        ...begun,
        status: isRight ? 'verified' : 'failed',
        kba: { questions: [], authenticated: isRight },
        error: isRight ? null : verificationFailures[19004],
        updated_at: instant,
      })
      expect((await visit().client.entities.retrieve(entityId)).status).toBe(isRight ? 'active' : 'incomplete')
    }
  })

  test('whom no bureau knows proves a phone, but no identity', async () => {
    const { sessions } = await newSessions({ first_name: 'Ada', last_name: 'Nowhere', phone: '+15125550123' })
    const phone = await sessions.create({ type: 'phone', method: 'byo_sms', byo_sms: PHONE_SESSION.byo_sms })
    expect(phone.status).toBe('verified')
    const identity = sessions.create({ type: 'identity', method: 'kba', kba: {} })
    await expectRefusal(release, 'MISSING_IDENTITY_MATCH', identity)
  })
}

const labelledAnswer = { id: id('ans'), text: expect.stringMatching(/ \((Correct|Incorrect)\)$/) }

/** Their types say that `urls` is one text; on the wire it is a list. Contract: method/entities §2.3.2. */
function urlsOf({ sna }: Wire): readonly string[] {
  return sna.urls
}
