/** The composition root: every choice between implementations, and every function an inner room needs of an outer one. */
import { hkdfSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { depositSending } from '../core/account-verification/account-verification.js'
import { ensureDemoClient, openClientDesk } from '../core/api-clients/api-clients.js'
import { addBusinessDays, dateIn, instantOn, previousSourceWindow, SOURCE_WINDOWS } from '../core/calendar/calendar.js'
import {
  type ClockWatch,
  createMover,
  type DueParts,
  type Mover,
  newestStampIn,
  openClocks,
} from '../core/clock/clock.js'
import { accessEndTask, connectionWorks, createProviders, refreshTask } from '../core/connections/connections.js'
import type { Base } from '../core/ctx.js'
import { eventMonths, record, stampedEvents } from '../core/events/events.js'
import type { TeamId } from '../core/ids.js'
import { loadCatalogue } from '../core/institutions/institutions.js'
import { forgetMonthsTask, makeKeptMonths } from '../core/kept-months.js'
import { runTask } from '../core/logins/logins.js'
import { stampedOpals } from '../core/opal/opal.js'
import { paymentWorks, sendingTask } from '../core/payments/payments.js'
import { availability, completionTask, productChanges } from '../core/products/products.js'
import { reportTask } from '../core/reports/reports.js'
import { openRequestWriter, requestMonths } from '../core/request-log/request-log.js'
import { forgetTask } from '../core/requests/requests.js'
import { stampedElements } from '../core/sessions/sessions.js'
import { ensureSigningKeys, openSigner } from '../core/signing/signing.js'
import { enrolAccounts, feedTask, subscriptionTicks } from '../core/subscriptions/subscriptions.js'
import { createKeyring, ensureDemoTeam, getTeam, type Team, teamById } from '../core/teams/teams.js'
import { openVault } from '../core/vault/vault.js'
import { sessionExpiry } from '../core/verification/verification.js'
import { deliveryMonths, deliveryTask, stampedWebhooks, wakingTask, webhookTotals } from '../core/webhooks/webhooks.js'
import type { Database, Db } from '../db/database.js'
import { consoleFace } from '../faces/console/console.js'
import { institutionPages } from '../faces/institution/institution.js'
import {
  ELEMENTS_PATH,
  elementPages,
  methodCaller,
  methodFace,
  methodIds,
  methodSpeller,
} from '../faces/method/method.js'
import { connectPages } from '../faces/moneykit/connect/connect.js'
import { moneykitCaller, moneykitFace, moneykitIds, moneykitSpeller, SCOPES } from '../faces/moneykit/moneykit.js'
import { mxCaller, mxFace, mxIds } from '../faces/mx/mx.js'
import { readBacklog } from '../jobs/backlog.js'
import { finishJobs } from '../jobs/finish.js'
import type { Task } from '../jobs/task.js'
import { withAchFiles } from '../network/nacha/nacha.js'
import { createWorld } from '../network/world/world.js'
import { achReader } from './ach-reading.js'
import { isLoopback } from './addresses.js'
import { type Admin, openAdmin } from './admin.js'
import { seededChance, systemChance } from './chance.js'
import type { Config, Secrets } from './config.js'
import { openHttp } from './http.js'
import { type AskAsTeam, openInsiders } from './insiders.js'
import { serveMetrics } from './metrics.js'
import { openWidgetFiles } from './mx-widget.js'
import { createPoster } from './poster.js'
import { openWeb } from './web.js'

export interface WiringParts {
  readonly database: Database
  /** Connections of their own for those who send webhooks; default: those of everybody. */
  readonly senderDb?: Db
  readonly config: Config
  readonly secrets: Secrets
  readonly log: Logger
  /** Milliseconds since 1970; default: the machine's own clock. */
  readonly readMs?: () => number
  /** Has the jobs of a team done, in a process without workers; default: waits until some worker has done them. */
  readonly finishJobs?: (teamId: TeamId) => Promise<void>
  /** Processes side by side on one database draw apart from each other by their roles; default: `server`. */
  readonly role?: string
  /** How long a request may move a clock; default: 45 seconds. */
  readonly movePatienceMs?: number
}

export interface Wired {
  /** Made when it is first asked for: most commands answer no requests, and a thousand routes take a while. */
  readonly http: FastifyInstance
  readonly tasks: readonly Task[]
  /** Those among the tasks that fetch what was asked for. */
  readonly fetches: readonly Task[]
  /** Those among the tasks that wait for receivers of webhooks, who may be slow. */
  readonly deliveries: readonly Task[]
  /** What waits for the domain's time. */
  readonly due: DueParts
  /** Takes what banks have dropped in the folder for it; does nothing where there is none. */
  readonly readAchFiles: () => Promise<void>
  readonly mover: Mover
  readonly clockWatch: ClockWatch
  /** What every operation of the core leans on, once a team is added. */
  readonly base: Base
  /** What has to be in the database before the first request. */
  prepare(): Promise<void>
  readonly admin: Admin
  /** Ends moves of clocks, then requests that still run, then what they needed. */
  close(): Promise<void>
}

// One world for everyone who starts from the same installation of the software; teams live in realms of it.
const WORLD_SEED = 'clearspan'
// Shorter than the time for which a request keeps its idempotency key.
const MOVE_PATIENCE_MS = 45_000
const JOBS_TIMEOUT_MS = 30_000

const MONEYKIT_HOSTS = ['api.moneykit.com', 'production.moneykit.com', 'sandbox.moneykit.com']
const ELEMENTS_HOSTS = ['dev', 'sandbox', 'production'].map((environment) => `elements.${environment}.methodfi.com`)
const MX_HOSTS = ['api.mx.com', 'int-api.mx.com']
const METHOD_HOSTS = ['dev.methodfi.com', 'sandbox.methodfi.com', 'production.methodfi.com']

export function wire({ database, config, secrets, log, readMs = Date.now, ...parts }: WiringParts): Wired {
  const { db } = database
  const world = createWorld({
    db,
    seed: WORLD_SEED,
    secretKey: Buffer.from(hkdfSync('sha256', secrets.masterKey, Buffer.alloc(0), 'world', 32)),
    answerDelayMs: config.answerDelayMs,
    returnTimes: (at, days) => instantOn(addBusinessDays(dateIn(at), days), SOURCE_WINDOWS[0] ?? ''),
    loginPageUrl: ({ realm, attemptRef }) => `${config.publicUrl}/connect/institution/${realm}/${attemptRef}`,
    onText: ({ to, text }) => log.info({ to: `…${to.slice(-4)}`, text }, 'world.text_not_sent'),
  })
  const network =
    config.achOutbox === null
      ? world
      : withAchFiles(world, { folder: config.achOutbox, windowOf: previousSourceWindow })
  const stamped = [...stampedEvents, ...stampedWebhooks, ...stampedElements, ...stampedOpals]
  const clocks = openClocks({ db, readMs, newestStamp: (from, teamId) => newestStampIn(from, stamped, teamId) })
  const vault = openVault(secrets.masterKey, config.seed)
  const signer = openSigner({ db, vault, realClock: clocks.real }, { readMs: steadyMs })
  const moneykitUrl = faceUrl(config.publicUrl, MONEYKIT_HOSTS, '/moneykit')
  const base: Base = {
    db,
    network,
    providers: createProviders(
      [
        { name: 'moneykit', network },
        // Whatever another face connects is the same world by another name.
        { name: 'mx', network, onlyOnRequest: true },
      ],
      { readMs },
    ),
    vault,
    clocks,
    realClock: clocks.real,
    chance: config.seed === null ? systemChance() : seededChance(`${config.seed}\n${parts.role ?? 'server'}`),
    spellers: { method: methodSpeller, moneykit: moneykitSpeller(signer, moneykitUrl) },
    implications: [productChanges, availability],
    answerDelayMs: config.answerDelayMs,
  }
  const isPrivate = isLoopback(config.host)
  const insiders = openInsiders({
    keys: createKeyring(base, { refusesDemoKey: !isPrivate, readMs: steadyMs }),
    clients: openClientDesk(base, { signer, refusesDemo: !isPrivate, readMs: steadyMs }),
    scopes: SCOPES,
    getTeam: (wanted) => getTeam(base, wanted),
  })
  const fetches = [
    completionTask(base, enrolAccounts),
    feedTask(base),
    refreshTask(base),
    runTask(base),
    reportTask(base),
  ]
  const due: DueParts = {
    base,
    teamById,
    works: [sessionExpiry, depositSending, ...paymentWorks, ...connectionWorks, subscriptionTicks],
  }
  const mover = createMover({
    ...due,
    patienceMs: parts.movePatienceMs ?? MOVE_PATIENCE_MS,
    movesAtOnce: Math.max(1, Math.floor(config.poolSize / 2)),
    finishJobs:
      parts.finishJobs ??
      ((teamId) =>
        finishJobs(db, { payload: { teamId }, tasks: fetches.map(({ name }) => name), timeoutMs: JOBS_TIMEOUT_MS })),
  })
  const web = openWeb()
  const insides = new Map<string, AskAsTeam>()
  const askAs = (prefix: string, { id, name, environment }: Team, app = name): AskAsTeam => {
    const key = JSON.stringify([prefix, id, app])
    const ask = insides.get(key) ?? insiders.enter(http(), prefix, { name, environment, app })
    insides.set(key, ask)
    return ask
  }
  const askMethod = (team: Team) => askAs('/method', team)
  const requests = openRequestWriter(base, (facts) => log.warn(facts, 'request_log.lost'))
  let opened: FastifyInstance | null = null
  const http = (): FastifyInstance =>
    (opened ??= openHttp({
      log,
      web: web.plugin,
      hosted: [{ prefix: ELEMENTS_PATH, hosts: ELEMENTS_HOSTS, plugin: elementPages({ base, pages: web.pages }) }],
      noting: config.requestsKeptDays === 0 ? null : { writer: requests, now: clocks.real.now },
      metrics: (server) =>
        serveMetrics(server, {
          token: secrets.metricsToken,
          isPrivate,
          faces: ['method', 'moneykit', 'mx', 'dashboard'],
          pool: database.pool,
          readState: async () => ({ tasks: await readBacklog(db), ...(await webhookTotals(base)) }),
          countLeftOut: () => requests.leftOut,
        }),
      isReady: async () => {
        await database.pool.query('select 1')
      },
      faces: [
        {
          prefix: '/method',
          hosts: METHOD_HOSTS,
          noted: { name: 'method', findCaller: methodCaller },
          plugin: methodFace({
            base,
            keyring: insiders.keyring,
            mover,
            signer,
            shape2024: config.methodShape2024,
            publicUrl: faceUrl(config.publicUrl, METHOD_HOSTS, '/method'),
          }),
        },
        {
          prefix: '/moneykit',
          hosts: MONEYKIT_HOSTS,
          noted: { name: 'moneykit', findCaller: moneykitCaller },
          plugin: moneykitFace({
            base,
            clients: insiders.clients,
            signer,
            readMs: steadyMs,
            publicUrl: moneykitUrl,
          }),
        },
        // The launcher looks for its page at the root. Contract: moneykit/connect §2.
        {
          prefix: '',
          hosts: [],
          plugin: connectPages({
            base,
            signer,
            pages: web.pages,
            publicUrl: moneykitUrl,
            pagesUrl: config.publicUrl,
          }),
        },
        { prefix: '', hosts: [], plugin: institutionPages({ base, pages: web.pages }) },
        {
          prefix: '/mx',
          hosts: MX_HOSTS,
          noted: { name: 'mx', findCaller: mxCaller },
          plugin: mxFace({
            base,
            keyring: insiders.keyring,
            mover,
            signer,
            publicUrl: faceUrl(config.publicUrl, MX_HOSTS, '/mx'),
            widgetFiles: openWidgetFiles(config.mxWidget),
          }),
        },
        {
          prefix: '/dashboard',
          hosts: [],
          plugin: consoleFace({
            base,
            mover,
            pages: web.pages,
            isPrivate,
            publicUrl: config.publicUrl,
            ids: [methodIds, moneykitIds, mxIds],
            scopes: SCOPES,
            countLeftOut: () => requests.leftOut,
            faces: ['method', 'moneykit', 'mx'].map((name) => ({
              name,
              ask: (team, app, request) => askAs(`/${name}`, team, app ?? team.name)(request),
              describe: () =>
                http()
                  .inject(`/${name}/openapi.json`)
                  .then((answer) => answer.json()),
            })),
          }),
        },
      ],
    }))
  const kept = [
    [eventMonths, config.eventsKeptDays],
    [deliveryMonths, config.deliveriesKeptDays],
    [requestMonths, config.requestsKeptDays],
  ] as const
  const prepare = async () => {
    for (const [months] of kept) await makeKeptMonths(base, months)
    await loadCatalogue(base)
    await ensureSigningKeys(base)
    if (!isPrivate) return
    await ensureDemoTeam(base)
    await ensureDemoClient(base, SCOPES)
  }
  const poster = createPoster()
  const delivering = deliveryTask({
    base: { ...base, db: parts.senderDb ?? db },
    post: poster.post,
    record: (ctx, { before, after }) =>
      record(ctx, [{ resource: 'webhook', op: 'disabled', resourceId: after.id, before, after }]),
    onDisabled: (facts) => log.warn(facts, 'webhook.disabled'),
  })
  return {
    get http() {
      return http()
    },
    base,
    fetches,
    tasks: [
      ...fetches,
      delivering,
      wakingTask(base),
      forgetTask(base),
      ...kept.map(([months, days]) => forgetMonthsTask(base, months, days)),
      sendingTask(base),
      accessEndTask(base),
    ],
    deliveries: [delivering],
    due,
    readAchFiles: achReader(base, config.achInbox, log),
    mover,
    clockWatch: clocks.watch,
    prepare,
    admin: openAdmin({ base, mover, publicUrl: config.publicUrl, prepare, askAs: askMethod }),
    async close() {
      mover.stop()
      await opened?.close()
      await poster.close()
      await requests.close()
    },
  }
}

/** The machine's own steady clock, for how long something is believed. */
function steadyMs(): number {
  return performance.now()
}

/** Where a face is reached from outside: at a name of its vendor it needs no prefix. */
function faceUrl(publicUrl: string, hosts: readonly string[], prefix: string): string {
  return hosts.includes(new URL(publicUrl).hostname) ? publicUrl : `${publicUrl}${prefix}`
}
