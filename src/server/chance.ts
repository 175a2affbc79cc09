import { createHmac, randomBytes } from 'node:crypto'
import type { Chance } from '../core/ids.js'

const DRAWN_BYTES = 8_192

/**
 * Chance in earnest. It is drawn from the system by the thousand bytes and each byte is given out once: asking for the
 * few bytes of one id costs more than spelling the id.
 */
export function systemChance(): Chance {
  let drawn = Buffer.alloc(0)
  let given = 0
  const chance: Chance = {
    bytes(count) {
      if (given + count > drawn.length) {
        drawn = randomBytes(Math.max(DRAWN_BYTES, count))
        given = 0
      }
      given += count
      return drawn.subarray(given - count, given)
    },
    of: () => chance,
  }
  return chance
}

/**
 * Chance of a rehearsal that repeats. What belongs to somebody follows from the seed, from the name, and from the turn at each
 * draw, which is a stamp of a clock: it goes on where it stood after a restart too. What belongs to nobody stays in earnest.
 */
export function seededChance(seed: string): Chance {
  return {
    bytes: systemChance().bytes,
    of: (name, turn) => {
      const mine: Chance = { bytes: (count) => bytesOf(`${seed}\n${name}\n${turn()}`, count), of: () => mine }
      return mine
    },
  }
}

function bytesOf(text: string, count: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(count / 64) }, (_, index) =>
    createHmac('sha512', String(index)).update(text).digest(),
  )
  return Buffer.concat(blocks).subarray(0, count)
}
