/** Members: what a user logs in with, and how that goes. Contract: mx-connect/callbacks §5.1–5.6, §5.23–5.27. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { GrantableProduct } from '../../core/connections/connections.js'
import type { Asking, Ctx } from '../../core/ctx.js'
import {
  answerLogin,
  changeLogin,
  createLogin,
  deleteLogin,
  getLogin,
  getRun,
  type Login,
  listLogins,
  startRun,
} from '../../core/logins/logins.js'
import type { MxDesk } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import { readWireId } from './ids.js'
import { CredentialWire, credentialsWire, fieldGuid, type Place } from './institution-wire.js'
import { findInstitution, institutionOf } from './institutions.js'
import { challengeGuid, JobWire, jobWire, MemberWire, memberWire, optionGuid } from './member-wire.js'
import { beginWindow, WindowWishes, windowWishes } from './oauth.js'
import { type AboutUser, change, type Incoming, read } from './routes.js'
import { listWire, maybe, PageQuery, partOf, Text } from './schema.js'
import { JOB_TYPES, runKinds } from './statuses.js'

const Given = Type.Array(Type.Object({ guid: Text, value: maybe(Type.String({ maxLength: 5000 })) }), { maxItems: 20 })
const UseCases = maybe(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 10 }))
const flag = maybe(Type.Boolean())
const LocaleQuery = { locale: Type.Optional(Type.String()) }

const MemberBody = Type.Object({
  member: Type.Object({
    institution_guid: Type.Optional(Text),
    institution_code: Type.Optional(Text),
    credentials: maybe(Given),
    is_oauth: flag,
    use_cases: UseCases,
    skip_aggregation: flag,
    background_aggregation_is_disabled: flag,
  }),
  ...WindowWishes,
})

const MemberChangeBody = Type.Object({
  member: Type.Object({
    credentials: maybe(Given),
    use_cases: UseCases,
    background_aggregation_is_disabled: flag,
    skip_aggregation: flag,
  }),
})

const JobBody = Type.Object({
  job: Type.Object({
    job_type: Type.Integer({ minimum: 0, maximum: JOB_TYPES.length - 1 }),
    include_transactions: flag,
    products: maybe(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 20 })),
  }),
})

const ReplyWire = Type.Object({ member: MemberWire })
const tag = 'Members'

export function memberRoutes(app: FastifyInstance, desk: MxDesk): void {
  makingRoutes(app, desk)
  lookingRoutes(app)
  goingOnRoutes(app)
}

function makingRoutes(app: FastifyInstance, { publicUrl }: MxDesk): void {
  change(
    app,
    'POST',
    '/members',
    { tag, summary: 'Create a member', audience: 'user', body: MemberBody, status: 201, reply: ReplyWire },
    {
      async ask({ ctx, user, body }) {
        const { member } = body
        const institution = await findInstitution(ctx, member.institution_guid ?? member.institution_code ?? '')
        const isOauth = member.is_oauth ?? false
        if (isOauth && member.credentials?.length) throw shapeless('credentials', 'are not given with is_oauth.')
        const { institutionSlug, fields } = institution
        const login = await createLogin(ctx, {
          consumerId: user.id,
          institutionSlug,
          credentials: isOauth ? null : readCredentials(institutionSlug, fields, member.credentials ?? []),
          useCases: member.use_cases ?? [],
          staysInBackground: member.background_aggregation_is_disabled ?? false,
        })
        const windowUri = isOauth ? await beginWindow(ctx, publicUrl, login, windowWishes(body)) : null
        return { login, windowUri, domain: institution.domain }
      },
      write: async (_, made) => made,
      toWire: ({ login, ...shown }, _, place) => ({
        member: memberWire(login, { ...shown, publicUrl: place.publicUrl }),
      }),
    },
  )

  change(
    app,
    'PUT',
    '/members/:guid',
    { tag, summary: 'Update a member', audience: 'user', body: MemberChangeBody, reply: ReplyWire },
    {
      async ask(incoming) {
        const { ctx, body } = incoming
        const { credentials, use_cases: useCases, background_aggregation_is_disabled: staysInBackground } = body.member
        const whose = whoseOf(incoming)
        const institution = credentials ? await institutionOf(ctx, (await getLogin(ctx, whose)).institutionSlug) : null
        return changeLogin(ctx, whose, {
          ...(credentials && institution
            ? { credentials: readCredentials(institution.institutionSlug, institution.fields, credentials) }
            : {}),
          useCases: useCases ?? [],
          ...(staysInBackground == null ? {} : { staysInBackground }),
        })
      },
      write: async (_, login) => login,
      toWire: async (login, _, { ctx, publicUrl: url }) => ({
        member: await shownMember(ctx, login, { publicUrl: url }),
      }),
    },
  )

  change(
    app,
    'DELETE',
    '/members/:guid',
    { tag, summary: 'Delete a member', audience: 'user', status: 204 },
    { write: (ctx, _, incoming) => deleteLogin(ctx, whoseOf(incoming)), toWire: () => null },
  )
}

function lookingRoutes(app: FastifyInstance): void {
  read(
    app,
    '/members',
    {
      tag,
      summary: 'List members, newest last',
      audience: 'user',
      query: { ...LocaleQuery, ...PageQuery },
      reply: listWire('members', MemberWire),
    },
    async (incoming) => {
      const { ctx, user, publicUrl } = incoming
      const { locale = null } = incoming.query
      const { shown, envelope } = partOf(await listLogins(ctx, user.id), incoming)
      const members = await Promise.all(shown.map((login) => shownMember(ctx, login, { publicUrl, locale })))
      return { members, ...envelope }
    },
  )

  read(
    app,
    '/members/:guid',
    { tag, summary: 'Retrieve a member', audience: 'user', query: LocaleQuery, reply: ReplyWire },
    async (incoming) => {
      const { ctx, publicUrl } = incoming
      const { locale = null } = incoming.query
      return { member: await shownMember(ctx, await getLogin(ctx, whoseOf(incoming)), { publicUrl, locale }) }
    },
  )

  read(
    app,
    '/members/:guid/credentials',
    {
      tag,
      summary: 'What the user types to log in again',
      audience: 'user',
      reply: Type.Object({ credentials: Type.Array(CredentialWire) }),
    },
    async (incoming) => {
      const login = await getLogin(incoming.ctx, whoseOf(incoming))
      const institution = await institutionOf(incoming.ctx, login.institutionSlug)
      return { credentials: institution ? credentialsWire(institution) : [] }
    },
  )

  read(
    app,
    '/jobs/:guid',
    { tag, summary: 'Retrieve a job', audience: 'user', reply: Type.Object({ job: JobWire }) },
    async ({ ctx, user, params }) => {
      const { run, held } = await getRun(ctx, { id: readWireId('job', params.guid ?? ''), consumerId: user.id })
      return { job: jobWire(run, held) }
    },
  )
}

function goingOnRoutes(app: FastifyInstance): void {
  change(
    app,
    'PUT',
    '/members/:guid/resume',
    {
      tag,
      summary: 'Answer what the institution asks',
      audience: 'user',
      body: Type.Object({ member: Type.Object({ challenges: Given }) }),
      status: 202,
      reply: ReplyWire,
    },
    {
      async ask(incoming) {
        const login = await getLogin(incoming.ctx, whoseOf(incoming))
        return readAnswers(login, incoming.body.member.challenges)
      },
      write: (ctx, answers, incoming) => answerLogin(ctx, whoseOf(incoming), answers),
      toWire: async (login, _, { ctx, publicUrl }) => ({ member: await shownMember(ctx, login, { publicUrl }) }),
    },
  )

  change(
    app,
    'POST',
    '/members/:guid/jobs',
    {
      tag,
      summary: 'Have a member logged in and read',
      audience: 'user',
      body: JobBody,
      status: 202,
      reply: Type.Object({ job: JobWire, member: MemberWire }),
    },
    {
      write(ctx, _, incoming) {
        const { job } = incoming.body
        const kind = runKinds[job.job_type]
        if (!kind) throw new OwnFailure(UNSUPPORTED, 'The institution does not offer what the job is for.')
        return startRun(ctx, whoseOf(incoming), { kind, products: readProducts(job) })
      },
      toWire: async ({ run, login }, _, { ctx, publicUrl }) => ({
        job: jobWire(run, login),
        member: await shownMember(ctx, login, { publicUrl }),
      }),
    },
  )
}

const UNSUPPORTED = { status: 400, type: 'product_not_supported' } as const

/** Which member of which user. */
export function whoseOf({ params, user }: AboutUser<Incoming>) {
  return { id: readWireId('member', params.guid ?? ''), consumerId: user.id }
}

export async function shownMember(
  ctx: Ctx<Asking>,
  login: Login,
  { publicUrl, locale = null }: Place & { readonly locale?: string | null },
) {
  const institution = await institutionOf(ctx, login.institutionSlug)
  return memberWire(login, { publicUrl, locale, domain: institution?.domain ?? null })
}

function readCredentials(
  slug: string,
  fields: readonly { readonly name: string }[],
  given: Static<typeof Given>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map(({ guid, value }) => {
      const field = fields.find(({ name }) => fieldGuid(slug, name) === guid)
      if (!field) throw shapeless('credentials', `${guid} is no credential of this institution.`)
      return [field.name, value ?? ''] as const
    }),
  )
}

function shapeless(field: string, rule: string): OwnFailure {
  return new OwnFailure({ status: 422, type: 'invalid_credentials_shape' }, `${field} ${rule}`, {
    fields: { [field]: [rule] },
  })
}

/** Of several questions with options the widget answers one, and the others with null. */
function readAnswers(login: Login, given: Static<typeof Given>) {
  return given.flatMap(({ guid, value }) => {
    const challenge = login.challenges.find((each) => challengeGuid(each) === guid)
    if (!challenge) {
      if (login.challenges.length === 0) return []
      throw new OwnFailure(ownErrors.validation, `${guid} is not asked.`, { fields: { challenges: ['is not asked.'] } })
    }
    const option = challenge.options.find(({ id }) => optionGuid(challenge, id) === value)
    if (value == null) return []
    return [{ challengeId: challenge.id, value: challenge.options.length > 0 ? (option?.id ?? '') : value }]
  })
}

// contract: mx-connect/states §3
const products: Readonly<Record<string, GrantableProduct>> = {
  account_verification: 'account_numbers',
  identity_verification: 'identity',
  transactions: 'transactions',
  transaction_history: 'transactions',
  investments: 'investments',
}

function readProducts(job: Static<typeof JobBody>['job']): readonly GrantableProduct[] {
  const wanted = (job.products ?? []).flatMap((name) => products[name] ?? [])
  return [...new Set(wanted)]
}
