import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { returnFile } from '../../../test/setup/ach.js'
import type { AchOrder } from '../port.js'
import { type Dropped, readInbox } from './inbox.js'
import { withAchFiles } from './nacha.js'
import { writeWindow } from './outbox.js'
import { parseFile } from './parse.js'
import { composeFile, type WindowEntry } from './window-file.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ach-'))
})
afterEach(() => rm(folder, { recursive: true }))

const WINDOW = { team: 'Kq7RtWb3nXeMd', opensAt: '2026-01-13T16:30:00.000Z' }

function entry(number: number, more: Partial<WindowEntry> = {}): WindowEntry {
  return {
    reference: `payment${number}`,
    direction: 'debit',
    routingNumber: '062103000',
    accountNumber: '123456789',
    accountType: 'checking',
    name: 'Zoë Łódź-Doyle the Third, Esquire',
    isCompany: false,
    amountCents: 100 * number,
    description: 'CardPay01',
    traceNumber: `09100001${String(number).padStart(7, '0')}`,
    effectiveOn: '2026-01-14',
    ...more,
  }
}
const visible = async (place = '') => (await readdir(join(folder, place))).filter((name) => name !== 'sent').sort()
const content = (name: string) => readFile(join(folder, name), 'latin1')

describe('the file of a window', () => {
  it('has a batch for each class, description, day and direction, in an order that does not depend on how it came', () => {
    const entries = [
      entry(1),
      entry(2, { direction: 'credit', accountType: 'savings' }),
      entry(3, { isCompany: true, name: 'Blue Heron Farms' }),
      entry(4, { description: 'Other' }),
      entry(5),
      entry(6, { effectiveOn: '2026-01-15' }),
    ]
    const { name, content: written } = composeFile(WINDOW, 1, entries)
    expect(composeFile(WINDOW, 1, [...entries].reverse()).content).toBe(written)
    expect(name).toBe('Kq7RtWb3nXeMd-20260113-1030-01.ach')
    const { batches, ...header } = parseFile(written)
    expect(header).toMatchObject({
      createdOn: '2026-01-13',
      createdAt: '1030',
      modifier: 'A',
      destinationRouting: '091000019',
    })
    expect(
      batches.map(({ entryClass, description, effectiveOn, entries: of }) => [
        entryClass,
        description,
        effectiveOn,
        of.map(({ transactionCode, amountCents }) => `${transactionCode}:${amountCents}`).join(' '),
      ]),
    ).toEqual([
      ['CCD', 'CardPay01', '2026-01-14', '27:300'],
      ['PPD', 'CardPay01', '2026-01-14', '32:200'],
      ['PPD', 'CardPay01', '2026-01-14', '27:100 27:500'],
      ['PPD', 'CardPay01', '2026-01-15', '27:600'],
      ['PPD', 'Other', '2026-01-14', '27:400'],
    ])
    expect(batches[1]?.entries[0]).toMatchObject({ name: 'Zoe  odz-Doyle the Thi', accountNumber: '123456789' })
  })

  it('is told from the others of its day by a letter', () => {
    const letters = ['2026-01-13T16:30:00.000Z', '2026-01-13T19:30:00.000Z', '2026-01-13T22:30:00.000Z'].flatMap(
      (opensAt) =>
        [1, 2, 12].map(
          (sequence) => parseFile(composeFile({ ...WINDOW, opensAt }, sequence, [entry(1)]).content).modifier,
        ),
    )
    expect(letters).toEqual(['A', 'B', 'L', 'M', 'N', 'X', 'Y', 'Z', '9'])
  })
})

describe('an outbox', () => {
  it('gets one whole file for a window, readable by its owner only', async () => {
    expect(await writeWindow(folder, WINDOW, [entry(1), entry(2)])).toEqual(['Kq7RtWb3nXeMd-20260113-1030-01.ach'])
    expect(await visible()).toEqual(['Kq7RtWb3nXeMd-20260113-1030-01.ach'])
    const written = await content('Kq7RtWb3nXeMd-20260113-1030-01.ach')
    expect(parseFile(written).batches[0]?.entries).toHaveLength(2)
    expect((await stat(join(folder, 'Kq7RtWb3nXeMd-20260113-1030-01.ach'))).mode & 0o077).toBe(0)
  })

  it('gets nothing more when the same entries are handed over again', async () => {
    await writeWindow(folder, WINDOW, [entry(1), entry(2)])
    const before = await content('Kq7RtWb3nXeMd-20260113-1030-01.ach')
    expect(await writeWindow(folder, WINDOW, [entry(2), entry(1)])).toEqual([])
    expect(await writeWindow(folder, WINDOW, [])).toEqual([])
    expect(await visible()).toHaveLength(1)
    expect(await content('Kq7RtWb3nXeMd-20260113-1030-01.ach')).toBe(before)
  })

  it('gets a second file for what a window has beyond the first', async () => {
    await writeWindow(folder, WINDOW, [entry(1)])
    expect(await writeWindow(folder, WINDOW, [entry(1), entry(2)])).toEqual(['Kq7RtWb3nXeMd-20260113-1030-02.ach'])
    const second = parseFile(await content('Kq7RtWb3nXeMd-20260113-1030-02.ach'))
    expect(second.modifier).toBe('B')
    expect(second.batches.flatMap(({ entries }) => entries.map(({ traceNumber }) => traceNumber))).toEqual([
      '091000010000002',
    ])
  })

  it('still counts what was carried away', async () => {
    const [name = ''] = await writeWindow(folder, WINDOW, [entry(1)])
    await rename(join(folder, name), join(folder, 'sent', name))
    expect(await writeWindow(folder, WINDOW, [entry(1), entry(2)])).toEqual(['Kq7RtWb3nXeMd-20260113-1030-02.ach'])
    expect(parseFile(await content('Kq7RtWb3nXeMd-20260113-1030-02.ach')).batches[0]?.entries).toHaveLength(1)
  })

  it('keeps windows and teams apart', async () => {
    await writeWindow(folder, WINDOW, [entry(1)])
    await writeWindow(folder, { ...WINDOW, team: 'another' }, [entry(2)])
    await writeWindow(folder, { ...WINDOW, opensAt: '2026-07-13T15:30:00.000Z' }, [entry(3)])
    expect(await visible()).toEqual([
      'Kq7RtWb3nXeMd-20260113-1030-01.ach',
      'Kq7RtWb3nXeMd-20260713-1030-01.ach',
      'another-20260113-1030-01.ach',
    ])
  })

  it('has every entry once when several hand over at the same time', async () => {
    const thirds = [0, 1, 2].map((third) => [1, 2, 3].map((number) => entry(third * 3 + number)))
    await Promise.all([...thirds, ...thirds].map((entries) => writeWindow(folder, WINDOW, entries)))
    const traces: string[] = []
    for (const name of await visible()) {
      for (const { entries } of parseFile(await content(name)).batches)
        traces.push(...entries.map((each) => each.traceNumber))
    }
    expect([...new Set(traces)]).toHaveLength(9)
    expect((await visible()).every((name) => name.endsWith('.ach'))).toBe(true)
  })

  it('is split where the sums of a file could overflow', async () => {
    const entries = Array.from({ length: 10_001 }, (_, at) => entry(at + 1, { amountCents: 100_000_000 }))
    expect(await writeWindow(folder, WINDOW, entries)).toHaveLength(2)
    const [first, second] = await Promise.all((await visible()).map(async (name) => parseFile(await content(name))))
    expect(first?.batches[0]?.entries).toHaveLength(9_999)
    expect(second?.batches[0]?.entries).toHaveLength(2)
  })
})

describe('a network with files', () => {
  const orders: AchOrder[] = [
    {
      reference: 'a-pull',
      direction: 'debit',
      party: { kind: 'deposit', account: { routingNumber: '062103000', accountNumber: '42', type: 'savings' } },
      amountCents: 12500,
      description: 'CardPay01',
      traceId: '091000010000001',
      effectiveOn: '2026-01-14',
    },
    {
      reference: 'a-push',
      direction: 'credit',
      party: { kind: 'debt', accountRef: 'debt' },
      amountCents: 12500,
      description: 'CardPay01',
      traceId: '091000010000002',
      effectiveOn: '2026-01-14',
    },
  ]
  const ask = { realm: 'team1', at: '2026-01-13T16:30:02.000Z' }
  const over = (ok: boolean) => {
    const handed: (readonly AchOrder[])[] = []
    const originate = async (_: object, given: readonly AchOrder[]) => {
      handed.push(given)
      return { ok }
    }
    return { handed, network: withAchFiles({ originate }, { folder, windowOf: () => WINDOW.opensAt }) }
  }

  it('writes what goes to bank accounts, after the network took everything', async () => {
    const { network, handed } = over(true)
    expect(await network.originate(ask, orders)).toEqual({ ok: true })
    await network.originate(ask, orders)
    expect(handed).toEqual([orders, orders])
    expect(await visible()).toEqual(['team1-20260113-1030-01.ach'])
    const { batches } = parseFile(await content('team1-20260113-1030-01.ach'))
    expect(batches[0]?.entries).toMatchObject([{ transactionCode: '37', reference: 'a-pull', name: 'ACCOUNT HOLDER' }])
  })

  it('writes nothing of what the network did not take', async () => {
    await over(false).network.originate(ask, orders)
    expect(await visible()).toEqual([])
  })
})

describe('an inbox', () => {
  const RETURNS = returnFile([
    { kind: 'return', code: 'R01', of: '091000010000001', amountCents: 12500 },
    { kind: 'change', code: 'C01', of: '091000010000002', amountCents: 0 },
  ])
  let told: Dropped[]
  beforeEach(() => {
    told = []
  })
  const read = (unknown: readonly string[] = []) =>
    readInbox(folder, async (dropped) => {
      told.push(dropped)
      return unknown
    })
  const drop = (name: string, text: string) => writeFile(join(folder, name), text)

  it('tells what came back and what changed, and moves the file away', async () => {
    await drop('returns.ach', RETURNS)
    expect(await read()).toBe(1)
    expect(told).toEqual([
      {
        returns: [{ traceNumber: '091000010000001', code: 'R01', amountCents: 12500 }],
        changes: [{ traceNumber: '091000010000002', code: 'C01', correctedData: '1918171614' }],
      },
    ])
    expect(await visible()).toEqual(['done', 'failed'])
    expect(await visible('done')).toEqual(['returns.ach'])
    expect(await read()).toBe(0)
    expect(told).toHaveLength(1)
  })

  it('leaves a file alone until it is whole', async () => {
    for (const length of [0, 1, 50, 94, 500, RETURNS.length - 2]) {
      await drop('returns.ach', RETURNS.slice(0, length))
      expect(await read()).toBe(0)
    }
    await drop('returns.ach.part', RETURNS)
    await drop('.returns.ach', RETURNS)
    expect(await read()).toBe(0)
    expect(told).toEqual([])
    await drop('returns.ach', RETURNS)
    expect(await read()).toBe(1)
    expect(told).toHaveLength(1)
  })

  it('puts aside what is no ACH file, or a broken one, and says why', async () => {
    await drop('letter.txt', 'Dear bank,\n')
    await drop('broken.ach', RETURNS.replace('000000012500', '000000012501'))
    await drop('own.ach', composeFile(WINDOW, 1, [entry(1)]).content)
    expect(await read()).toBe(3)
    expect(told).toEqual([])
    expect(await visible('failed')).toEqual([
      'broken.ach',
      'broken.ach.reason.txt',
      'letter.txt',
      'letter.txt.reason.txt',
      'own.ach',
      'own.ach.reason.txt',
    ])
    expect(await content('failed/broken.ach.reason.txt')).toMatch(/^Nothing was taken\. Line \d+: debitCents/)
    expect(await content('failed/own.ach.reason.txt')).toContain('is neither a return nor a notification of change.')
    expect(await content('failed/letter.txt.reason.txt')).toContain('Line 1: ')
  })

  it('puts aside a file with entries that nobody sent', async () => {
    await drop('returns.ach', RETURNS)
    expect(await read(['091000010000001'])).toBe(1)
    expect(await content('failed/returns.ach.reason.txt')).toBe(
      'No entry has the trace number 091000010000001. Everything else was taken.\n',
    )
  })

  it('tells a file again when its listener failed', async () => {
    await drop('returns.ach', RETURNS)
    const failing = readInbox(folder, () => Promise.reject(new Error('The database is away.')))
    await expect(failing).rejects.toThrow('The database is away.')
    expect(await read()).toBe(1)
    expect(told).toHaveLength(1)
  })

  it('keeps earlier files of the same name', async () => {
    await mkdir(join(folder, 'done'))
    for (const name of ['returns.ach', 'done/returns.ach']) await drop(name, RETURNS)
    await read()
    expect(await visible('done')).toEqual(['returns.ach', 'returns.ach.2'])
  })
})
