/** What the page asks and says, each request with the token of the session. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import {
  answerChallenges,
  type ConnectStep,
  chooseAccounts,
  currentStep,
  GRANTABLE_PRODUCTS,
  getInstitution,
  listOffered,
  reportIssue,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
} from '../../../core/connections/connections.js'
import { InvalidRequest } from '../errors.js'
import { institutionDrawing } from '../institution-art.js'
import type { Wire } from '../routes.js'
import { nullable, oneOf } from '../schema.js'
import { checkerOf } from '../validation.js'
import { PageFailure } from './failures.js'
import { newReturnUrl, readReturn, returnUrlIn } from './returning.js'
import { completedWire, offeredWire, sessionWire, stepWire } from './step-wire.js'
import { type ConnectDesk, framersOf, type Visitor, visitorOf } from './visitors.js'

const Short = Type.String({ maxLength: 500 })
const INSTITUTIONS_SHOWN = 24
const ISSUE_CHARACTERS_MAX = 2000

interface Said<Body> extends Visitor {
  readonly body: Body
  readonly request: FastifyRequest
}

export function stepRoutes(app: FastifyInstance, desk: ConnectDesk): void {
  /** A request that goes one step on, and tells where the consumer is then. */
  function step<Body extends TSchema>(
    path: string,
    schema: Body,
    go: (said: Said<Static<Body>>) => Promise<ConnectStep>,
  ): void {
    answer(path, schema, async (said) => stepWire(await go(said), said.request.id))
  }

  function answer<Body extends TSchema>(
    path: string,
    schema: Body,
    go: (said: Said<Static<Body>>) => Promise<Wire>,
  ): void {
    const check = checkerOf('body', schema)
    app.post(path, { schema: { hide: true } }, async (request) => {
      const visitor = await visitorOf(desk, request)
      const flaws = check(request.body)
      if (flaws.length > 0) throw new InvalidRequest(flaws)
      return go({ ...visitor, body: request.body as Static<Body>, request })
    })
  }

  answer('/open', Type.Object({ origin: Short }), async ({ ctx, session, body, request }) => {
    // What has ended is nobody's any more: its page says only that.
    if (session.status !== 'open') throw new PageFailure(410, `session_${session.status}`)
    if (!framersOf({ ctx, session }, body.origin).includes(body.origin)) throw new PageFailure(403, 'origin_forbidden')
    const institution = session.institutionSlug === null ? null : await getInstitution(ctx, session.institutionSlug)
    const current = await currentStep(ctx, session.id)
    return {
      ...sessionWire({ ctx, session }, institution),
      step: current && stepWire(current, request.id),
    }
  })

  answer(
    '/institutions',
    Type.Object({ name: nullable(Short), cursor: nullable(Short) }),
    async ({ ctx, session, body }) => {
      const name = body.name === null || body.name.trim() === '' ? null : body.name
      const page = await listOffered(ctx, session.id, { name, cursor: body.cursor, limit: INSTITUTIONS_SHOWN })
      return { institutions: page.institutions.map(offeredWire), next: page.next }
    },
  )

  step('/institution', Type.Object({ institution_id: nullable(Short) }), ({ ctx, session, body }) =>
    startConnecting(ctx, session.id, { institutionId: body.institution_id }),
  )

  step(
    '/login',
    Type.Object({ credentials: Type.Record(Type.String({ maxLength: 100 }), Short, { maxProperties: 20 }) }),
    async ({ ctx, session, body }) =>
      submitCredentials(ctx, session.id, {
        credentials: body.credentials,
        returnUrl: await newReturnUrl(desk, { ctx, session }),
      }),
  )

  step(
    '/answers',
    Type.Object({
      answers: Type.Array(Type.Object({ id: Short, value: Short }), { maxItems: 20 }),
    }),
    ({ ctx, session, body }) =>
      answerChallenges(
        ctx,
        session.id,
        body.answers.map(({ id, value }) => ({ challengeId: id, value })),
      ),
  )

  step('/return', Type.Object({ redirect_url: Type.String({ maxLength: 16_384 }) }), async (said) => {
    const { ctx, session, body } = said
    const state = await readReturn(desk, body.redirect_url)
    if (state?.sessionId !== session.id) throw new PageFailure(400, 'session_invalid')
    return returnFromInstitution(ctx, session.id, returnUrlIn(desk, state.text))
  })

  answer(
    '/choice',
    Type.Object({
      accounts: Type.Array(Short, { maxItems: 500 }),
      products: Type.Array(oneOf(GRANTABLE_PRODUCTS), { maxItems: 20 }),
    }),
    async ({ ctx, session, body }) => {
      const completed = await chooseAccounts(ctx, session.id, { accountRefs: body.accounts, products: body.products })
      const institution = await getInstitution(ctx, completed.connection.institution.slug)
      return completedWire(completed, institution, desk.publicUrl)
    },
  )

  answer(
    '/issue',
    Type.Object({ screen: Short, text: Type.String({ minLength: 1, maxLength: ISSUE_CHARACTERS_MAX }) }),
    async ({ ctx, session, body, request }) => {
      await reportIssue(ctx, session.id, body)
      // What it says is for whoever may open the session; the log tells that there is something.
      request.log.info({ sessionId: session.id, screen: body.screen }, 'connect.issue_reported')
      return {}
    },
  )

  app.get('/marks/:slug.svg', { schema: { hide: true } }, async ({ params }, reply) =>
    institutionDrawing(reply, await getInstitution(desk.base, (params as { readonly slug: string }).slug)),
  )
}
