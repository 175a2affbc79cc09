/** JSON Web Tokens signed with ES256 (RFC 7515, 7518 §3.4), in the compact form. */
import { type KeyObject, sign, verify } from 'node:crypto'

export type Members = Readonly<Record<string, unknown>>

export interface Token {
  readonly header: Members
  readonly claims: Members
  /** What the signature is about. */
  readonly signed: string
  readonly signature: Buffer
}

export function writeToken(key: KeyObject, header: Members, claims: Members): string {
  const signed = `${encode(header)}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

/** The parts of what looks like a token, believed by nobody yet; null for other text. */
export function parseToken(text: string): Token | null {
  const [, header, claims, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text) ?? []
  if (header === undefined || claims === undefined || signature === undefined) return null
  const [headerMembers, claimMembers] = [decode(header), decode(claims)]
  if (!headerMembers || !claimMembers) return null
  return {
    header: headerMembers,
    claims: claimMembers,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** Whether the key has signed it. Only ES256 counts, whatever the header says. */
export function isSignedBy(key: KeyObject, { header, signed, signature }: Token): boolean {
  return header.alg === 'ES256' && verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function encode(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url')
}

function decode(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null
  } catch {
    return null
  }
}
