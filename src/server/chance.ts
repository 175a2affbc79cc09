import { randomBytes } from 'node:crypto'
import type { Chance } from '../core/ids.js'

const DRAWN_BYTES = 8_192

/**
 * Chance in earnest. It is drawn from the system by the thousand bytes and each byte is given out once: asking for the
 * few bytes of one id costs more than spelling the id.
 */
export function systemChance(): Chance {
  let drawn = Buffer.alloc(0)
  let given = 0
  return {
    bytes(count) {
      if (given + count > drawn.length) {
        drawn = randomBytes(Math.max(DRAWN_BYTES, count))
        given = 0
      }
      given += count
      return drawn.subarray(given - count, given)
    },
  }
}
