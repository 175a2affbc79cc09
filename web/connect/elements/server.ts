/** What the page asks of the server, and what it is answered. */

export type Step =
  | 'intro'
  | 'name'
  | 'phone'
  | 'phone_code'
  | 'dob'
  | 'address'
  | 'ssn4'
  | 'questions'
  | 'consent'
  | 'auth_success'
  | 'auth_failure'
  | 'accounts'
  | 'account'
  | 'success'
  | 'empty'
  | 'error'

export interface ShownAccount {
  readonly id: string
  readonly name: string
  readonly institution: string
  readonly type: string
  readonly mask: string | null
  readonly balanceCents: number | null
  readonly needsProof: boolean
  readonly unproven: 'later' | 'failed' | 'unsupported' | null
}

export type ClaimMember = 'number' | 'expMonth' | 'expYear' | 'cvv' | 'billingZip'

export interface ShownProof {
  readonly method: string
  readonly asks: readonly ClaimMember[]
  readonly wrong: readonly ClaimMember[]
  readonly hasWrongAmounts: boolean
  readonly attemptsLeft: number
  readonly isWaiting: boolean
}

export interface ShownTransfer {
  readonly requestedCents: number
  readonly requestedRatePercent: number
  readonly requestedTermMonths: number
  readonly monthlyPaymentCents: number
  readonly loanCentsMin: number
  readonly residualCentsMax: number
}

export interface Question {
  readonly id: string
  readonly text: string
  readonly answers: readonly { readonly id: string; readonly text: string }[]
}

export interface Screen {
  readonly step: Step
  readonly elementType: 'connect' | 'auth' | 'balance_transfer'
  readonly team: { readonly name: string; readonly logoUrl: string | null; readonly iconUrl: string | null }
  readonly note: 'wrong_code' | 'code_expired' | 'code_not_sent' | 'code_resent' | 'wrong_answers' | null
  readonly products: readonly string[]
  readonly failure: 'unmatched' | 'phone' | 'too_many_codes' | 'identity' | 'not_offered' | 'disabled' | null
  readonly missing: readonly ('firstName' | 'lastName')[]
  readonly phoneEnd: string | null
  readonly codesLeft: number
  readonly questions: readonly Question[]
  readonly selection: 'single' | 'multiple'
  readonly accounts: readonly ShownAccount[]
  readonly account: ShownAccount | null
  readonly proof: ShownProof | null
  readonly transfer: ShownTransfer | null
  readonly isRetryable: boolean
}

export type Details = Readonly<
  Partial<
    Record<
      'firstName' | 'lastName' | 'phone' | 'dob' | 'ssn4' | 'line1' | 'line2' | 'city' | 'state' | 'zip',
      string | null
    >
  >
>

export type Action =
  | { readonly type: 'continue'; readonly step: Step }
  | ({ readonly type: 'details'; readonly step: Step } & Details)
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'resend' }
  | {
      readonly type: 'answers'
      readonly answers: readonly { readonly questionId: string; readonly answerId: string }[]
    }
  | { readonly type: 'choose'; readonly accountIds: readonly string[]; readonly wantsRemainder: boolean }
  | {
      readonly type: 'prove'
      readonly method: string
      readonly claim: Readonly<Partial<Record<ClaimMember, string>>>
    }
  | { readonly type: 'amounts'; readonly amountsCents: readonly number[] }
  | { readonly type: 'put_off'; readonly which: 'this' | 'all' }
  | { readonly type: 'choose_again' }
  | { readonly type: 'retry' }
  | { readonly type: 'learn_more'; readonly isOpen: boolean }
  | { readonly type: 'exit' }

/** What the page tells whoever embeds it. */
export interface Message {
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

export interface Flaw {
  readonly code: string
  readonly member: string | null
}

export interface Answer {
  /** Null after a flaw, and once the page was left. */
  readonly screen: Screen | null
  readonly messages: readonly Message[]
  readonly flaw?: Flaw | null
  /** Why the page has ended. */
  readonly failure?: string
}

/** Nobody answered, or not in a way that helps: the same may be asked again. */
export class Unanswered extends Error {}

export interface Server {
  open(): Promise<Answer>
  look(): Promise<Answer>
  act(action: Action): Promise<Answer>
}

const API = '/connect/elements/api'
const PATIENCE_MS = 30_000

/** The page's secret stays in here: no storage, no address, no other script has it. */
export function connectServer(token: string): Server {
  let secret = ''
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${API}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-element-page': secret,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch((cause: unknown) => {
      throw new Unanswered('Nobody answered.', { cause })
    })
    const said = (await answer.json().catch(() => null)) as (Answer & { pageSecret?: string }) | null
    if (!said || (!answer.ok && said.failure === undefined))
      throw new Unanswered(`The server answered ${answer.status}.`)
    if (said.pageSecret) secret = said.pageSecret
    return said
  }
  return {
    open: () => ask('POST', 'open', {}),
    look: () => ask('GET', 'page'),
    act: (action) => ask('POST', 'act', action),
  }
}
