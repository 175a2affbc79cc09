/** `/entities`. Contract: method/entities §1. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type Consumer,
  type ConsumerChanges,
  type ConsumerInput,
  checkChanges,
  checkNewConsumer,
  getConsumer,
  listConsumers,
} from '../../core/consumers/consumers.js'
import type { Ctx } from '../../core/ctx.js'
import type { Metadata } from '../../core/metadata.js'
import { fillIn, takeOn } from '../../core/onboarding/onboarding.js'
import { consumerAccess, consumerSubscriptions } from '../../core/products/products.js'
import type { Team } from '../../core/teams/teams.js'
import { offeredMethods } from '../../core/verification/verification.js'
import { names } from './account-wire.js'
import { ENTITY_EXPANDABLES, expandEntities, expandQuery, readExpand } from './expand.js'
import { readWireId, spellId, spellIdOrNull } from './ids.js'
import { invalidRequest } from './invalid.js'
import { entityErrors } from './resource-errors.js'
import { change, list, read } from './routes.js'
import * as schema from './schema.js'
import { AnyObject, expandable, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { isSince, type Version, type Wire } from './versions/versions.js'
import { isWithdrawn, withdrawnEntityWire } from './withdrawn-wire.js'

const STATUSES = ['active', 'incomplete', 'disabled'] as const
const TYPES = ['individual', 'corporation'] as const

const text = () => Type.Optional(nullable(Text))

const AddressBody = Type.Object({ line1: text(), line2: text(), city: text(), state: text(), zip: text() })
const personMembers = { first_name: text(), last_name: text(), phone: text(), email: text(), dob: text() }
const IndividualBody = Type.Object({ ...personMembers, ssn: text(), ssn_4: text() })
const CorporationBody = Type.Object({
  name: text(),
  dba: text(),
  ein: text(),
  owners: Type.Optional(
    nullable(Type.Array(Type.Object({ ...personMembers, address: Type.Optional(nullable(AddressBody)) }))),
  ),
})

export const EntityBody = Type.Object({
  type: oneOf(TYPES),
  individual: Type.Optional(nullable(IndividualBody)),
  corporation: Type.Optional(nullable(CorporationBody)),
  address: Type.Optional(nullable(AddressBody)),
  metadata: Type.Optional(nullable(AnyObject)),
})
const EntityChangesBody = Type.Object({
  individual: Type.Optional(nullable(IndividualBody)),
  corporation: Type.Optional(nullable(CorporationBody)),
  address: Type.Optional(nullable(AddressBody)),
  metadata: Type.Optional(Type.Unknown()),
})

const Person = {
  first_name: nullable(Text),
  last_name: nullable(Text),
  phone: nullable(Text),
  email: nullable(Text),
  dob: nullable(Text),
}
const Address = Type.Object({
  line1: nullable(Text),
  line2: nullable(Text),
  city: nullable(Text),
  state: nullable(Text),
  zip: nullable(Text),
})
const Names = Type.Array(Text)
const channel = {
  verified: Type.Boolean(),
  latest_verification_session: expandable('evf_…'),
  methods: Names,
}

/** Members that one variant or one version lacks are optional. */
export const EntityWire = Type.Object({
  id: Text,
  type: nullable(oneOf(TYPES)),
  individual: Type.Optional(nullable(Type.Object({ ...Person, ssn: nullable(Text), ssn_4: nullable(Text) }))),
  corporation: Type.Optional(
    nullable(
      Type.Object({
        name: nullable(Text),
        dba: nullable(Text),
        ein: nullable(Text),
        owners: Type.Array(Type.Object({ ...Person, address: Address })),
      }),
    ),
  ),
  // Without members once consent was withdrawn.
  address: Type.Partial(Address),
  verification: Type.Optional(
    nullable(
      Type.Object({
        identity: Type.Object({
          verified: channel.verified,
          matched: Type.Boolean(),
          latest_verification_session: channel.latest_verification_session,
          methods: channel.methods,
        }),
        phone: Type.Object(channel),
      }),
    ),
  ),
  connect: Type.Optional(expandable('cxn_… of the latest connect')),
  credit_score: Type.Optional(expandable('crs_… of the latest credit score')),
  attribute: Type.Optional(expandable('attr_… of the latest attributes')),
  vehicle: Type.Optional(expandable('evhl_… of the latest vehicles')),
  products: Type.Optional(Names),
  restricted_products: Type.Optional(Names),
  subscriptions: Type.Optional(Names),
  available_subscriptions: Type.Optional(Names),
  restricted_subscriptions: Type.Optional(Names),
  status: oneOf(STATUSES),
  error: ResourceError,
  metadata: schema.Metadata,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function entityRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Entities', reply: EntityWire, resource: 'entity' } as const

  change(
    app,
    'POST',
    '/entities',
    { ...facts, summary: 'Create an entity', body: EntityBody },
    {
      ask: ({ ctx, body }) => checkNewConsumer(ctx, readEntity(body)),
      write: (ctx, checked) => takeOn(ctx, checked),
      toWire: entityWire,
    },
  )

  read(app, '/entities/:ent_id', { ...facts, summary: 'Retrieve an entity', query: expandQuery }, async (incoming) => {
    const names = readExpand(incoming.query, ENTITY_EXPANDABLES)
    const consumer = await getConsumer(incoming.ctx, readWireId('consumer', incoming.params.ent_id ?? ''))
    const [wire] = await expandEntities(incoming, names, [consumer])
    return wire ?? null
  })

  const filters = {
    ...expandQuery,
    status: Type.Optional(oneOf(STATUSES)),
    type: Type.Optional(oneOf(TYPES)),
    name: Type.Optional(Text),
  }
  list(
    app,
    '/entities',
    { ...facts, summary: 'List entities', query: filters, cursor: 'consumer' },
    ({ ctx, query, version }, page) => {
      const name = isSince(version, '2025-12-01') ? (query.name ?? null) : null
      return listConsumers(ctx, { status: query.status ?? null, kind: query.type ?? null, name }, page)
    },
    (consumers, incoming) => expandEntities(incoming, readExpand(incoming.query, ENTITY_EXPANDABLES), consumers),
  )

  change(
    app,
    'PUT',
    '/entities/:ent_id',
    { ...facts, summary: 'Fill in what an entity lacks', body: EntityChangesBody },
    {
      ask: ({ ctx, params, body, version }) =>
        checkChanges(ctx, readWireId('consumer', params.ent_id ?? ''), {
          ...readChanges(body),
          ...readMetadata(body, version),
        }),
      write: (ctx, checked) => fillIn(ctx, checked),
      toWire: entityWire,
    },
  )
}

export function readEntity(body: Static<typeof EntityBody>): ConsumerInput {
  return { kind: body.type, ...readChanges(body), metadata: (body.metadata ?? null) as Metadata | null }
}

/** Versions before 2025-12-01 ignored it in an update. Contract: method/entities §1.13. */
function readMetadata(
  { metadata }: Static<typeof EntityChangesBody>,
  version: Version,
): Pick<ConsumerChanges, 'metadata'> {
  if (metadata === undefined || !isSince(version, '2025-12-01')) return {}
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw invalidRequest('metadata', 'must be an object.')
  return { metadata: metadata as Metadata | null }
}

function readChanges(body: Static<typeof EntityChangesBody>): ConsumerChanges {
  const person = (given: Static<typeof IndividualBody>) => ({
    firstName: given.first_name,
    lastName: given.last_name,
    phone: given.phone,
    email: given.email,
    dob: given.dob,
  })
  const { individual, corporation, address } = body
  return {
    individual: individual ? { ...person(individual), ssn: individual.ssn, ssn4: individual.ssn_4 } : null,
    corporation: corporation
      ? { ...corporation, owners: corporation.owners?.map((owner) => ({ ...person(owner), address: owner.address })) }
      : null,
    address: address ?? null,
  }
}

/** The newest shape, with the products that the team may use. */
export function entityWire(consumer: Consumer, { team }: Ctx<'team'>): Wire {
  if (isWithdrawn(consumer)) return withdrawnEntityWire(consumer)
  return consumer.kind === 'individual' ? individualWire(consumer, team) : corporationWire(consumer)
}

function individualWire(consumer: Consumer, team: Team): Wire {
  const access = Object.entries(consumerAccess(consumer, team) ?? {})
  const subscriptions =
    access.length === 0
      ? []
      : Object.entries(consumerSubscriptions).map(([name, of]) => [name, of(consumer, team)] as const)
  return {
    id: spellId('consumer', consumer.id),
    type: 'individual',
    individual: {
      ...personWire(consumer.individual),
      ssn: consumer.hasSsn ? 'xxxxxxxxx' : null,
      ssn_4: consumer.hasSsn4 ? 'xxxx' : null,
    },
    address: consumer.address,
    verification: {
      identity: {
        verified: consumer.identityVerifiedAt !== null,
        matched: consumer.personRef !== null,
        latest_verification_session: spellIdOrNull('verification_session', consumer.identitySessionId),
        methods: consumer.identityVerifiedAt ? [] : offeredMethods(team, 'identity'),
      },
      phone: {
        verified: consumer.phoneVerifiedAt !== null,
        latest_verification_session: spellIdOrNull('verification_session', consumer.phoneSessionId),
        methods: consumer.phoneVerifiedAt ? [] : offeredMethods(team, 'phone'),
      },
    },
    connect: spellIdOrNull('connect', consumer.latest.connect),
    credit_score: spellIdOrNull('credit_score', consumer.latest.credit_score),
    attribute: spellIdOrNull('attribute', consumer.latest.attribute),
    vehicle: spellIdOrNull('vehicle', consumer.latest.vehicle),
    products: names(access, 'available'),
    restricted_products: names(access, 'restricted'),
    subscriptions: consumer.subscriptions,
    available_subscriptions: names(subscriptions, 'available').filter((name) => !consumer.subscriptions.includes(name)),
    restricted_subscriptions: names(subscriptions, 'restricted'),
    status: consumer.status,
    error: consumer.statusReason && entityErrors[consumer.statusReason],
    metadata: consumer.metadata,
    created_at: consumer.createdAt,
    updated_at: consumer.updatedAt,
  }
}

function corporationWire(consumer: Consumer): Wire {
  const { corporation } = consumer
  return {
    id: spellId('consumer', consumer.id),
    type: 'corporation',
    corporation: corporation && {
      name: corporation.name,
      dba: corporation.dba,
      ein: corporation.ein,
      owners: corporation.owners.map((owner) => ({ ...personWire(owner), address: owner.address })),
    },
    error: consumer.statusReason && entityErrors[consumer.statusReason],
    address: consumer.address,
    status: consumer.status,
    metadata: consumer.metadata,
    created_at: consumer.createdAt,
    updated_at: consumer.updatedAt,
  }
}

function personWire(person: Consumer['individual']) {
  return {
    first_name: person?.firstName ?? null,
    last_name: person?.lastName ?? null,
    phone: person?.phone ?? null,
    email: person?.email ?? null,
    dob: person?.dob ?? null,
  }
}
