/** Files as a bank would drop them. */
import { writeFile } from '../../src/network/nacha/file.js'
import { TRANSACTION_CODES } from '../../src/network/nacha/layouts.js'

/** What a bank says of an entry of ours: that it came back, or that the account has another number. */
export interface Told {
  readonly kind: 'return' | 'change'
  readonly code: string
  readonly of: string
  readonly amountCents: number
}

export function returnFile(told: readonly Told[]): string {
  return writeFile({
    destinationRouting: '123456780',
    originId: '091000019',
    createdOn: '2026-01-15',
    createdAt: '1600',
    modifier: 'A',
    destinationName: 'CLEARSPAN',
    originName: 'FIRST CENTRAL BANK',
    reference: '',
    batches: told.map(({ kind, code, of, amountCents }, at) => ({
      companyName: 'CLEARSPAN',
      discretionary: '',
      companyId: '9CLEARSPAN',
      entryClass: kind === 'return' ? 'PPD' : 'COR',
      description: 'CardPay01',
      descriptiveDate: '',
      effectiveOn: '2026-01-14',
      settlementDay: '015',
      originatorStatus: '1',
      odfi: '06210300',
      entries: [
        {
          transactionCode: TRANSACTION_CODES.checking.returnedDebit,
          routingNumber: '091000019',
          accountNumber: '123456789',
          amountCents,
          reference: 'payment',
          name: 'KEVIN DOYLE',
          discretionary: '',
          traceNumber: `06210300000000${at + 1}`,
          addenda: [
            kind === 'return'
              ? {
                  kind,
                  reasonCode: code,
                  originalTraceNumber: of,
                  diedOn: null,
                  originalRdfi: '06210300',
                  information: '',
                  traceNumber: `06210300000000${at + 1}`,
                }
              : {
                  kind,
                  changeCode: code,
                  originalTraceNumber: of,
                  originalRdfi: '06210300',
                  correctedData: '1918171614',
                  traceNumber: `06210300000000${at + 1}`,
                },
          ],
        },
      ],
    })),
  })
}
