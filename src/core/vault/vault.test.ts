import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openVault } from './vault.js'

const vault = openVault(randomBytes(32))
const team = { id: 'team-a', dataKey: vault.newDataKey('team-a') }
const place = 'consumers.ssn.c1'

describe('a sealed value', () => {
  it('opens to what was sealed, and never looks the same twice', () => {
    const [first, second] = [vault.seal(team, place, '111223333'), vault.seal(team, place, '111223333')]
    expect(first.equals(second)).toBe(false)
    expect(first.includes('111223333')).toBe(false)
    expect(vault.open(team, place, first)).toBe('111223333')
  })

  it('stays shut when a bit of it flips', () => {
    const sealed = vault.seal(team, place, '111223333')
    for (let index = 0; index < sealed.length; index++) {
      const altered = Buffer.from(sealed)
      altered[index] = (altered[index] ?? 0) ^ 1
      expect(() => vault.open(team, place, altered)).toThrow()
    }
  })

  it('stays shut in another row, another team and under another master key', () => {
    const sealed = vault.seal(team, place, '111223333')
    const other = { id: 'team-b', dataKey: vault.newDataKey('team-b') }
    expect(() => vault.open(team, 'consumers.ssn.c2', sealed)).toThrow()
    expect(() => vault.open(other, place, sealed)).toThrow()
    expect(() => vault.open({ id: 'team-b', dataKey: team.dataKey }, place, sealed)).toThrow()
    expect(() => openVault(randomBytes(32)).open(team, place, sealed)).toThrow()
  })
})

describe('a fingerprint', () => {
  it('is equal for equal values of one team and differs between teams', () => {
    const other = { id: 'team-b', dataKey: vault.newDataKey('team-b') }
    expect(vault.fingerprint(team, '4111')).toBe(vault.fingerprint(team, '4111'))
    expect(vault.fingerprint(team, '4111')).not.toBe(vault.fingerprint(other, '4111'))
    expect(vault.fingerprint(team, '4111')).toMatch(/^[0-9a-f]{40}$/)
  })
})
