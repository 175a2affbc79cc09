/** What wiring hands to the console, and who uses it. */
import type { FastifyRequest } from 'fastify'
import type { Mover } from '../../core/clock/clock.js'
import { forTeam } from '../../core/clock/clock.js'
import type { Asking, Base, Ctx, Parts, Writing } from '../../core/ctx.js'
import { readId, type TeamId } from '../../core/ids.js'
import type { OperatorSession } from '../../core/operators/operators.js'
import { perform } from '../../core/requests/requests.js'
import { listTeams, type Team } from '../../core/teams/teams.js'
import type { HostedPages } from '../hosted-page.js'
import { notFound } from './answers.js'

export interface ConsoleDesk {
  readonly base: Base
  readonly mover: Mover
  readonly pages: HostedPages
  /** Only this machine reaches the server: then links let in, and cookies need no HTTPS. */
  readonly isPrivate: boolean
  /** How callers reach the server, without a slash at the end. */
  readonly publicUrl: string
  /** How each face spells ids. */
  readonly ids: readonly IdWords[]
  /** What a client may be allowed. */
  readonly scopes: readonly string[]
  /** How many requests this process counted but did not keep. */
  readonly countLeftOut: () => number
  /** The faces that callers speak to. */
  readonly faces: readonly AskedFace[]
}

export interface AskedFace {
  readonly name: string
  /** One request to it, as a team, or as an app of the team's where the face tells those apart. */
  ask(
    team: Team,
    app: string | null,
    request: InsideRequest,
  ): Promise<{ readonly status: number; readonly text: string }>
  /** What it publishes about its operations, as OpenAPI. */
  describe(): Promise<unknown>
}

export interface InsideRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** A resource in the core's words, and its stored id. */
export interface NamedThing {
  readonly kind: string
  readonly id: string
}

export interface IdWords {
  readonly face: string
  /** Null for what the face does not have. */
  spell(kind: string, id: string): string | null
  /** What a text would name, if it names anything. */
  read(text: string): NamedThing | null
}

/** The ids by which callers know a thing, by face. */
export function spellings({ ids }: ConsoleDesk, kind: string, id: string): Readonly<Record<string, string>> {
  const found = ids.flatMap((words) => {
    const text = words.spell(kind, id)
    return text === null ? [] : [[words.face, text] as const]
  })
  return Object.fromEntries(found)
}

const SESSION = 'consoleSession'
export const requestDecorators = [SESSION] as const

export interface SignedIn {
  readonly session: OperatorSession
  readonly secret: string
}

export function signedIn(request: FastifyRequest): SignedIn {
  return request.getDecorator<SignedIn>(SESSION)
}

export function noteSignedIn(request: FastifyRequest, found: SignedIn): void {
  request.setDecorator(SESSION, found)
}

/** The team that a path names, with what its operations lean on. */
export async function teamOf({ base }: ConsoleDesk, request: FastifyRequest): Promise<Ctx<Asking>> {
  return forTeam(base, await findTeam(base, request))
}

/** The team that a path names. Throws what answers 404. */
export async function findTeam(base: Ctx<'db'>, request: FastifyRequest): Promise<Parts['team']> {
  const id = readId<TeamId>(String((request.params as { readonly team?: string }).team))
  const team = id && (await listTeams(base)).find((each: Team) => each.id === id)
  if (!team) throw notFound('team')
  return team
}

/** Changes something of a team, with its events, in one transaction. */
export async function change<Result>(ctx: Ctx<Asking>, write: (ctx: Ctx<Writing>) => Promise<Result>): Promise<Result> {
  const spell = async (result: Result) => ({ status: 200, body: JSON.stringify(result) })
  const { body } = await perform(ctx, { face: 'console', key: null }, { write, spell })
  return JSON.parse(body)
}
