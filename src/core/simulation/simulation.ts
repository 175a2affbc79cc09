import { type Persona, type PersonaDraft, PersonaRejected } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import { refuse } from './errors.js'
import { stageOf } from './stage.js'

export type {
  CardFace,
  HeldRef,
  LineChange,
  LineDraft,
  LoginVisit,
  Persona,
  PersonaDraft,
  PurchaseDraft,
} from '../../network/port.js'
export { LOGIN_REFUSALS } from '../../network/port.js'
export { keepBrand, keepPurchase, reissueCard, simulatePurchase } from './cards.js'
export { awaitNewDebts, awaitSoftInquiries, checkScore, NEW_DEBT_TYPES, settleScore } from './credit.js'
export { letHappen, ownerOfHappening, prepareHappening } from './happenings.js'
export {
  addLine,
  awaitedVisit,
  changeLine,
  expireAccess,
  removeLine,
  setInstitutionFault,
  visitInstitution,
} from './logins.js'
export { stageOf } from './stage.js'

/** What only a rehearsal can do. Each refuses `simulation.forbidden` outside development and on a real network. */

/** Puts people into the team's world, all or none. Refuses `simulation.invalid_persona`, naming the member. */
export async function registerPersonas(
  ctx: Ctx<'team' | 'network'>,
  drafts: readonly PersonaDraft[],
): Promise<readonly Persona[]> {
  const stage = stageOf(ctx)
  try {
    return await stage.registerPersonas(ctx.team.id, drafts)
  } catch (error) {
    if (error instanceof PersonaRejected) {
      const [member = 'personas', ...rule] = error.message.split(' ')
      throw Object.assign(refuse('simulation.invalid_persona', { member, rule: rule.join(' ') }), { cause: error })
    }
    throw error
  }
}

export function listPersonas(ctx: Ctx<'team' | 'network'>): Promise<readonly Persona[]> {
  return stageOf(ctx).listPersonas(ctx.team.id)
}

/** Refuses `simulation.forbidden` where things are real. */
export function refuseRealThings(ctx: Ctx<'team' | 'network'>): void {
  stageOf(ctx)
}
