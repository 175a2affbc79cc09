import { expect, test } from 'vitest'
import { foreseenReturn } from './returns.js'

test.each([
  ['1230001', 'debit', 'R01', 1],
  ['1230001', 'credit', null, null],
  ['1230002', 'debit', 'R02', 1],
  ['1230002', 'credit', 'R02', 1],
  ['1230004', 'credit', 'R04', 1],
  ['1230007', 'debit', 'R07', 1],
  ['1230010', 'debit', 'R10', 1],
  ['1230010', 'credit', null, null],
  ['1230016', 'credit', 'R16', 1],
  ['1230020', 'debit', 'R20', 1],
  ['1230023', 'credit', 'R23', 1],
  ['1230023', 'debit', null, null],
  ['1230029', 'debit', 'R29', 1],
  ['1239001', 'debit', 'R01', 4],
  ['1239002', 'debit', 'R02', 4],
  ['1239007', 'debit', 'R07', 20],
  ['1239010', 'debit', 'R10', 20],
  ['1239029', 'debit', 'R29', 4],
  ['00000', 'credit', 'R03', 1],
  ['0', 'debit', 'R03', 1],
  ['123456789', 'debit', null, null],
] as const)('an account %s sends a %s back by %s after %s banking days', (number, direction, code, bankingDays) => {
  expect(foreseenReturn(number, direction)).toEqual(code === null ? null : { code, bankingDays })
})
