import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConsumerId, deriveId, ID_ALPHABET, ID_LENGTH, newId, readId, spellRandom } from './ids.js'

const chance = { bytes: randomBytes }
const SHAPE = new RegExp(`^[${ID_ALPHABET}]{${ID_LENGTH}}$`)

describe('the alphabet', () => {
  it('has 49 characters, none twice and none that looks like another', () => {
    expect(new Set(ID_ALPHABET).size).toBe(49)
    expect(ID_ALPHABET).toHaveLength(49)
    for (const lookAlike of '0Oo1Il2Z5Ss') expect(ID_ALPHABET).not.toContain(lookAlike)
  })

  it('gives ids of less than 73 bits', () => {
    expect(BigInt(ID_ALPHABET.length) ** BigInt(ID_LENGTH) < 2n ** 73n).toBe(true)
  })
})

describe('a new id', () => {
  it('has the shape, and is never the same twice', () => {
    const ids = Array.from({ length: 20_000 }, () => newId<ConsumerId>(chance))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(SHAPE)
  })

  it('has every character about as often as the others', () => {
    const text = spellRandom(chance, 49 * 2000)
    const counts = [...ID_ALPHABET].map((letter) => text.split(letter).length - 1)
    expect(Math.min(...counts)).toBeGreaterThan(1700)
    expect(Math.max(...counts)).toBeLessThan(2300)
  })

  it('is the same for the same chance', () => {
    const seeded = () => ({ bytes: (count: number) => Buffer.alloc(count, 7) })
    expect(newId<ConsumerId>(seeded())).toBe(newId<ConsumerId>(seeded()))
  })
})

describe('text', () => {
  it('is an id when it has the shape, and otherwise the id of nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => (readId(text) !== null) === SHAPE.test(text)))
    const id = newId<ConsumerId>(chance)
    expect(readId(id)).toBe(id)
    for (const other of [`${id}x`, id.slice(1), ` ${id}`, `${id}\n`, id.replace(/./, '0')])
      expect(readId(other)).toBeNull()
  })
})

describe('an id that follows from another', () => {
  it('has the shape, stays the same, and differs by owner and by part', () => {
    const derived = fc.tuple(fc.string(), fc.constantFrom('connect', 'balance', 'update'))
    fc.assert(
      fc.property(derived, derived, ([owner, part], [otherOwner, otherPart]) => {
        const id = deriveId(owner, part)
        expect(id).toMatch(SHAPE)
        expect(deriveId(owner, part)).toBe(id)
        expect(deriveId(otherOwner, otherPart) === id).toBe(owner === otherOwner && part === otherPart)
      }),
    )
  })
})
