/** Social-security numbers: read from what is given, merged with what is held, sealed for keeping. */
import type { Ctx } from '../ctx.js'
import type { ConsumerId } from '../ids.js'
import { type IndividualInput, readSsn, readSsn4, setOnce } from './details.js'
import { refuse } from './errors.js'
import type { HeldConsumer } from './store.js'

interface Ssns {
  readonly ssn: string | null
  readonly ssn4: string | null
}

/** Refuses `consumer.invalid_ssn`, `.invalid_ssn4`, and both forms at once with `.invalid_details`. */
export function readSsns(input: IndividualInput | null): Ssns {
  const ssns = { ssn: readSsn(input?.ssn), ssn4: readSsn4(input?.ssn4) }
  if (ssns.ssn && ssns.ssn4) {
    throw refuse('consumer.invalid_details', {
      member: 'individual.ssn',
      rule: 'and its last four cannot be sent together. Send one of them.',
    })
  }
  return ssns
}

/** The other form may follow when the last four agree. Contract: method/entities §1.6.5. */
export function mergeSsns(held: Ssns, given: Ssns): Ssns {
  const merged = setOnce(held, given, 'individual')
  if (merged.ssn && merged.ssn4 && !merged.ssn.endsWith(merged.ssn4)) {
    throw refuse(given.ssn ? 'consumer.invalid_ssn' : 'consumer.invalid_ssn4')
  }
  return merged
}

export function openSsns(ctx: Ctx<'team' | 'vault'>, held: HeldConsumer): Ssns {
  const { id } = held.consumer
  return {
    ssn: held.ssnSealed && ctx.vault.open(ctx.team, `consumers.ssn.${id}`, held.ssnSealed),
    ssn4: held.ssn4Sealed && ctx.vault.open(ctx.team, `consumers.ssn4.${id}`, held.ssn4Sealed),
  }
}

export function sealSsn(ctx: Ctx<'team' | 'vault'>, id: ConsumerId, ssn: string | null): Buffer | null {
  return ssn === null ? null : ctx.vault.seal(ctx.team, `consumers.ssn.${id}`, ssn)
}

export function sealSsn4(ctx: Ctx<'team' | 'vault'>, id: ConsumerId, ssn4: string | null): Buffer | null {
  return ssn4 === null ? null : ctx.vault.seal(ctx.team, `consumers.ssn4.${id}`, ssn4)
}
