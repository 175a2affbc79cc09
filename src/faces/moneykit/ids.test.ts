import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ID_ALPHABET, ID_LENGTH } from '../../core/ids.js'
import { type Named, readWireId, spellId, spellUuid } from './ids.js'

const stored = fc.string({
  unit: fc.constantFrom(...ID_ALPHABET),
  minLength: ID_LENGTH,
  maxLength: ID_LENGTH,
})
const KINDS: readonly Named[] = ['account', 'investment_transaction', 'link', 'security', 'transaction']

describe('an id on the wire', () => {
  it('has the documented shape and leads back to the stored one', () => {
    fc.assert(
      fc.property(stored, fc.constantFrom(...KINDS), (id, kind) => {
        const wire = spellId(kind, id)
        expect(wire).toMatch(/^(mk|acc|txn|it|sec)_[23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz]{22}$/)
        expect(readWireId(kind, wire)).toBe(id)
      }),
    )
  })

  it('stays the same for ever: these are those of the first release', () => {
    expect(spellId('link', '3333333333333')).toBe('mk_865ASnJ36rf4B5pY5BaVtC')
    expect(spellId('account', 'xr86xHEcWmpmB')).toBe('acc_hKTrz3qBMuZH6PTAXkW7DW')
    expect(spellUuid('app', '3333333333333')).toBe('95dfddea-d7c4-4c4c-9c02-12ad47d12f87')
  })

  it('does not look like that of a neighbour', () => {
    const [one, next] = [spellId('link', '3333333333333'), spellId('link', '3333333333334')]
    const alike = [...one].filter((letter, place) => letter === next[place]).length
    expect(alike).toBeLessThan(10)
  })

  it('is the id of nothing when it was not spelled here', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'23456789ABCabc'), minLength: 22, maxLength: 22 }), (text) => {
        expect(readWireId('link', `mk_${text}`)).toBe('')
      }),
    )
    const wire = spellId('link', '3333333333333')
    for (const other of [
      '',
      'mk_',
      wire.slice(3),
      `${wire}2`,
      wire.slice(0, -1),
      wire.replace('mk_', 'acc_'),
      'mk_0',
    ]) {
      expect(readWireId('link', other)).toBe('')
    }
  })
})
