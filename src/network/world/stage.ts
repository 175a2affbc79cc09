/** What a rehearsal may do to the world: put people of its own into a realm. */
import type { Persona, PersonaDraft, PostalAddress, Stage } from '../port.js'
import { returnEntry } from './ach/ach.js'
import { buy } from './cards/buying.js'
import { findBrand } from './cards/catalogue.js'
import { depositsAt, rehearsedDeposits } from './deposits.js'
import { draftedDebts, type Inventor, inventDebts } from './invent/debts.js'
import { inventProfile, type Profile } from './invent/profile.js'
import { dayOf } from './life/calendar.js'
import { standingAt } from './life/life.js'
import type { LoginStage } from './logins/logins.js'
import { textsOf } from './messages.js'
import { awaitDebts, awaitInquiries } from './news-store.js'
import { ownerOf, personRefOf, type Town } from './people.js'
import { assertDrafts } from './personas/drafts.js'
import {
  closeDebt,
  findDebt,
  listRegistered,
  type NewPerson,
  type RegisteredPerson,
  replacePeople,
  setCardFace,
} from './store.js'
import { cardNetworkOf, writtenDebts } from './tradelines.js'

/** A day for counting invented debts; how many they are does not depend on it. */
const ANY_DAY = '2024-01-01'

/** The part that is about people, debts and deposits. */
export function createStage(town: Town, inventorOf: () => Promise<Inventor>): Omit<Stage, keyof LoginStage> {
  return {
    registerPersonas: async (realm, drafts) => {
      const inventor = await inventorOf()
      assertDrafts(drafts, inventor.directory)
      const people = drafts.map((draft) => personOf(town, inventor, realm, draft))
      if (people.length > 0) await replacePeople(town.db, realm, people)
      return people.map(({ person, debts }) => personaOf(inventor, { ...person, debtCount: debts.length }))
    },
    listPersonas: async (realm) => {
      const inventor = await inventorOf()
      const people = await listRegistered(town.db, realm)
      return people.map((person) => personaOf(inventor, person))
    },
    messages: (realm, phone) => textsOf(town, realm, phone),
    buy: (ask, accountRef, draft) => buy(town, ask, { accountRef, draft }),
    reissueCard: async ({ realm }, accountRef, face) => {
      const { directory } = await inventorOf()
      if (!findBrand(face, directory)) return false
      const debt = await findDebt(town.db, realm, accountRef)
      if (!debt || !cardNetworkOf(debt)) return false
      await setCardFace(town.db, realm, { ref: accountRef, face })
      return true
    },
    awaitDebts: ({ realm }, ref, types) => awaitDebts(town.db, { realm, ref, types }),
    awaitSoftInquiries: ({ realm }, ref, count) => awaitInquiries(town.db, { realm, ref, count }),
    returnEntry: (ask, reference, code) => returnEntry(town, ask, { reference, code }),
    closeDebt: async ({ realm, at }, accountRef) => {
      const debt = await findDebt(town.db, realm, accountRef)
      const day = dayOf(at)
      if (!debt || standingAt(debt.terms, day, debt.movements).closedOn !== null) return false
      await closeDebt(town.db, realm, { ref: accountRef, day })
      return true
    },
    depositCourse: rehearsedDeposits,
    deposits: (realm, accountNumber) => depositsAt(town, realm, accountNumber),
  }
}

/** The person of a draft. Given debts are written at once, invented ones on the day they are first asked for. */
function personOf(town: Town, inventor: Inventor, realm: string, draft: PersonaDraft): NewPerson {
  const { seed, secrets } = town
  const ref = personRefOf(seed, realm, draft.phone)
  const debts = draft.liabilities ? draftedDebts(inventor, draft.phone, draft.liabilities) : []
  return {
    person: {
      ref,
      key: draft.phone,
      origin: 'registered',
      phone: draft.phone,
      profile: profileOf(seed, draft),
      ssnSealed: draft.ssn === undefined ? null : secrets.seal(draft.ssn, ownerOf(realm, ref)),
      hasDebts: draft.liabilities !== undefined,
    },
    debts: writtenDebts(town, { realm, personRef: ref, key: draft.phone }, debts),
  }
}

function profileOf(seed: string, draft: PersonaDraft): Profile {
  const invented = inventProfile(seed, draft.phone)
  return {
    ...invented,
    firstName: draft.firstName ?? invented.firstName,
    lastName: draft.lastName ?? invented.lastName,
    dob: draft.dob ?? invented.dob,
    address: addressOf(invented.address, draft.address),
    matchNeeds: draft.matchNeeds ?? ['name'],
    isRecognized: draft.isRecognized ?? false,
    ...(draft.isFrozen ? { isFrozen: true } : {}),
    ...(draft.doubt ? { doubt: draft.doubt } : {}),
  }
}

/** An address that is given in part is not mixed with an invented one: what is missing stays unknown. */
function addressOf(invented: PostalAddress, given: PersonaDraft['address']): PostalAddress {
  if (!given) return invented
  const { line1 = null, line2 = null, city = null, state = null, zip = null } = given
  return { line1, line2, city, state, zip }
}

function personaOf(inventor: Inventor, person: RegisteredPerson): Persona {
  const { phone, profile, hasDebts, debtCount } = person
  const { firstName, lastName, dob, address } = profile
  const liabilityCount = hasDebts ? debtCount : inventDebts(inventor, person, ANY_DAY).length
  return { phone, firstName, lastName, dob, address, liabilityCount }
}
