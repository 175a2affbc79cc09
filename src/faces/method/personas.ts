/** `/simulate/personas`: people of the caller's own in the simulated world. Clearspan's own route, development only. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { listPersonas, type Persona, type PersonaDraft, registerPersonas } from '../../core/simulation/simulation.js'
import { success } from './answers.js'
import { callerOf } from './caller.js'
import { readMerchantNumber } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change } from './routes.js'
import { Day, ErrorEnvelope, enveloped, nullable, oneOf, Text } from './schema.js'
import type { Wire } from './versions/versions.js'

const text = () => Type.Optional(Text)

const LiabilityDraftBody = Type.Object({
  mch_id: Text,
  account_number: text(),
  balance: Type.Optional(Type.Integer()),
  credit_limit: Type.Optional(Type.Integer()),
  interest_rate_percentage: Type.Optional(Type.Number()),
  opened_at: text(),
  closed: Type.Optional(Type.Boolean()),
})
const PersonaBody = Type.Object({
  phone: Text,
  first_name: text(),
  last_name: text(),
  dob: text(),
  ssn: text(),
  address: Type.Optional(Type.Object({ line1: text(), line2: text(), city: text(), state: text(), zip: text() })),
  match_needs: Type.Optional(Type.Array(oneOf(['name', 'dob', 'address']))),
  kba_recognized: Type.Optional(Type.Boolean()),
  credit_frozen: Type.Optional(Type.Boolean()),
  doubt: Type.Optional(oneOf(['invalid_details', 'pending_review'])),
  liabilities: Type.Optional(Type.Array(LiabilityDraftBody)),
})
export const PersonasBody = Type.Object({ personas: Type.Array(PersonaBody) })

const PersonaWire = Type.Object({
  phone: Text,
  first_name: Text,
  last_name: Text,
  dob: Day,
  address: Type.Object({
    line1: nullable(Text),
    line2: nullable(Text),
    city: nullable(Text),
    state: nullable(Text),
    zip: nullable(Text),
  }),
  liability_count: Type.Integer(),
})
const Personas = Type.Array(PersonaWire)

export function personaRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/simulate/personas',
    { tag: 'Simulation', summary: 'Register personas', body: PersonasBody, reply: Personas },
    {
      ask: ({ ctx, body }) => registerPersonas(ctx, readPersonas(body)),
      write: async (_, personas) => personas,
      toWire: (personas) => personas.map(personaWire),
    },
  )

  const response = { 200: enveloped(Personas), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope }
  app.get(
    '/simulate/personas',
    { schema: { tags: ['Simulation'], summary: 'List personas', response } },
    async (request) => success((await listPersonas(callerOf(request).ctx)).map(personaWire)),
  )
}

/** The drafts of a request or a seed document. Refuses `request.invalid` for a merchant id that is none. */
export function readPersonas({ personas }: Static<typeof PersonasBody>): readonly PersonaDraft[] {
  return personas.map((persona, index) =>
    defined({
      phone: persona.phone,
      firstName: persona.first_name,
      lastName: persona.last_name,
      dob: persona.dob,
      ssn: persona.ssn,
      address: persona.address && defined(persona.address),
      matchNeeds: persona.match_needs,
      isRecognized: persona.kba_recognized,
      isFrozen: persona.credit_frozen,
      doubt: persona.doubt,
      liabilities: persona.liabilities?.map((liability, position) => {
        const merchantNumber = readMerchantNumber(liability.mch_id)
        if (merchantNumber === null) {
          throw invalidRequest(
            `personas[${index}].liabilities[${position}].mch_id`,
            'must be a merchant id such as mch_302086.',
          )
        }
        return defined({
          merchantNumber,
          accountNumber: liability.account_number,
          balanceCents: liability.balance,
          creditLimitCents: liability.credit_limit,
          interestRatePercent: liability.interest_rate_percentage,
          openedOn: liability.opened_at,
          isClosed: liability.closed,
        })
      }),
    }),
  )
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The members that were given. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}

function personaWire(persona: Persona): Wire {
  return {
    phone: persona.phone,
    first_name: persona.firstName,
    last_name: persona.lastName,
    dob: persona.dob,
    address: persona.address,
    liability_count: persona.liabilityCount,
  }
}
