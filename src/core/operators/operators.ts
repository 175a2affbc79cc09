/**
 * Who may use the console: whoever holds a link that is good once, or knows the operators' password. Either begins a session,
 * which the database keeps, so that it can be ended from anywhere.
 */
import { createHash, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { inTx } from '../../db/database.js'
import { addMs } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import { ID_LENGTH, spellRandom } from '../ids.js'
import * as store from './store.js'

/** Somebody's being signed in, as it may be shown. */
export interface OperatorSession {
  readonly id: string
  readonly agent: string
  readonly createdAt: string
  readonly seenAt: string
  readonly expiresAt: string
}

/** The secret is known only to the browser that gets it. */
export interface NewSession {
  readonly session: OperatorSession
  readonly secret: string
}

/** Why nobody was let in. */
export type SignInFailure = 'wrong' | 'too_many' | 'no_password'

export const PASSWORD_CHARACTERS_MIN = 12
export const PASSWORD_CHARACTERS_MAX = 200
export const SESSION_SECONDS = 30 * 24 * 3600
const SESSION_IDLE_MS = 7 * 24 * 3600 * 1000
const SEEN_EVERY_MS = 60_000
const LINK_MS = 24 * 3600 * 1000
const ATTEMPTS_WINDOW_MS = 15 * 60_000
const ATTEMPTS_OF_ADDRESS_MAX = 5
const ATTEMPTS_MAX = 100
const SECRET_BYTES = 32
const SALT_BYTES = 16
const AGENT_CHARACTERS_MAX = 200
// OWASP's floor for scrypt, 2024: N=2^15, r=8, p=3 takes a quarter of a second and 32 MB.
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const

type Real = Ctx<'db' | 'realClock' | 'chance'>

/** The secret of a link that lets one browser in, once, within a day. */
export async function createLink(ctx: Real): Promise<string> {
  const secret = newSecret(ctx)
  const now = ctx.realClock.now()
  await store.addLink(ctx.db, { secretHash: hash(secret), now, expiresAt: addMs(now, LINK_MS) })
  return secret
}

/** A session for whoever holds a link; null for one that was used, is over or never was. */
export async function enterByLink(
  ctx: Real,
  { link, agent }: { readonly link: string; readonly agent: string },
): Promise<NewSession | null> {
  const now = ctx.realClock.now()
  return inTx(ctx.db, async (tx) =>
    (await store.useLink(tx, hash(link), now)) ? begin({ ...ctx, db: tx }, agent) : null,
  )
}

/** Sets the password and ends every session. The caller has checked its length. */
export async function setPassword(ctx: Real, password: string): Promise<void> {
  const salt = ctx.chance.bytes(SALT_BYTES)
  const derived = await derive(password, salt)
  await inTx(ctx.db, async (tx) => {
    await store.writePassword(tx, { salt, hash: derived, setAt: ctx.realClock.now() })
    await store.endSessions(tx)
  })
}

/** A session for whoever knows the password. From one address five may be wrong in a quarter of an hour. */
export async function signIn(
  ctx: Real,
  { password, agent, address }: { readonly password: string; readonly agent: string; readonly address: string },
): Promise<NewSession | SignInFailure> {
  const held = await store.findPassword(ctx.db)
  if (!held) return 'no_password'
  const now = ctx.realClock.now()
  // Before the password is looked at, so that many at once get no further than many after one another.
  const isAllowed = await store.noteAttempt(ctx.db, {
    address,
    now,
    since: addMs(now, -ATTEMPTS_WINDOW_MS),
    ofAddressMax: ATTEMPTS_OF_ADDRESS_MAX,
    max: ATTEMPTS_MAX,
  })
  if (!isAllowed) return 'too_many'
  if (password.length > PASSWORD_CHARACTERS_MAX) return 'wrong'
  if (!timingSafeEqual(await derive(password, held.salt), held.hash)) return 'wrong'
  await store.forgetAttempts(ctx.db, address)
  return begin(ctx, agent)
}

/** The session of a secret, or null when it is over; being asked keeps it alive. */
export async function readSession(ctx: Real, secret: string): Promise<OperatorSession | null> {
  const now = ctx.realClock.now()
  const session = await store.findSession(ctx.db, hash(secret), { now, seenSince: addMs(now, -SESSION_IDLE_MS) })
  if (session && session.seenAt < addMs(now, -SEEN_EVERY_MS)) await store.noteSeen(ctx.db, session.id, now)
  return session
}

/** Those that are not over, the last seen first. */
export function listOperatorSessions(ctx: Real): Promise<readonly OperatorSession[]> {
  const now = ctx.realClock.now()
  return store.listSessions(ctx.db, { now, seenSince: addMs(now, -SESSION_IDLE_MS) })
}

/** Ends a session at once; one that is over stays so. */
export function endOperatorSession(ctx: Real, id: string): Promise<void> {
  return store.endSession(ctx.db, id)
}

export function endOperatorSessions(ctx: Real): Promise<void> {
  return store.endSessions(ctx.db)
}

/** What a page of the session sends with every change, which no other site can know. */
export function pageToken(secret: string): string {
  return hash(`page ${secret}`).toString('base64url')
}

async function begin(ctx: Real, agent: string): Promise<NewSession> {
  const secret = newSecret(ctx)
  const now = ctx.realClock.now()
  const session: OperatorSession = {
    id: spellRandom(ctx.chance, ID_LENGTH),
    agent: agent.slice(0, AGENT_CHARACTERS_MAX),
    createdAt: now,
    seenAt: now,
    expiresAt: addMs(now, SESSION_SECONDS * 1000),
  }
  await store.addSession(ctx.db, session, hash(secret))
  return { session, secret }
}

const scryptAsync = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt)

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return scryptAsync(password.normalize('NFKC'), salt, 32, SCRYPT)
}

function newSecret({ chance }: Real): string {
  return chance.bytes(SECRET_BYTES).toString('base64url')
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
