/**
 * Chance that repeats itself: every draw follows from a text, so the same seed gives the same world on every machine
 * and in every order of questions. Draw from a fresh `chanceOf(...)` per subject; a draw more for one then changes no
 * other.
 */
import { createHash } from 'node:crypto'

export interface Chance {
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  isLikely(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  shuffled<T>(list: readonly T[]): T[]
}

/** A generator that follows from the parts alone. */
export function chanceOf(...parts: readonly (string | number)[]): Chance {
  const next = sfc32(digest(parts))
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(list: readonly T[]): T => {
    const found = list[between(0, list.length - 1)]
    if (found === undefined) throw new Error('picked from an empty list')
    return found
  }
  return {
    between,
    isLikely: (probability) => next() < probability,
    pick,
    weighted: (weights) => weightedKey(weights, next()),
    shuffled: (list) => {
      const left = [...list]
      return list.flatMap(() => left.splice(between(0, left.length - 1), 1))
    },
  }
}

const REF_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
const REF_LENGTH = 13

/** A name that looks random and follows from the parts alone. */
export function refOf(...parts: readonly (string | number)[]): string {
  const bytes = digest(parts)
  let text = ''
  for (let index = 0; index < REF_LENGTH; index += 1) text += REF_ALPHABET[(bytes[index] ?? 0) % REF_ALPHABET.length]
  return text
}

function digest(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(parts.join('\u001f')).digest()
}

function weightedKey<K extends string>(weights: Readonly<Record<K, number>>, draw: number): K {
  const entries = Object.entries<number>(weights) as [K, number][]
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
  let left = draw * total
  for (const [key, weight] of entries) {
    left -= weight
    if (left < 0) return key
  }
  throw new Error('weights must add up to more than nothing')
}

/** Small fast counter, 32 bits: passes PractRand, and is plenty for a simulated town. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readInt32LE(0)
  let b = seed.readInt32LE(4)
  let c = seed.readInt32LE(8)
  let d = seed.readInt32LE(12)
  return () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 2 ** 32
  }
}
