/** Words of the port about what only a rehearsal can do. Times, money and refs as in `port.ts`. */
import type {
  Ask,
  CardTransaction,
  HeldTransaction,
  IdentityDoubt,
  LiabilityType,
  LoginRefusal,
  PostalAddress,
} from './port.js'

/** A person to put into a realm's world. What is left out is invented, the same way every time. */
export interface PersonaDraft {
  /** E.164; the person's key in the realm. */
  readonly phone: string
  readonly firstName?: string
  readonly lastName?: string
  readonly dob?: string
  readonly ssn?: string
  readonly address?: Partial<PostalAddress>
  /** What has to be said, beside the phone, before the person is recognised. Default: name. */
  readonly matchNeeds?: readonly ('name' | 'dob' | 'address')[]
  /** No questions are asked at knowledge-based authentication. Default: false. */
  readonly isRecognized?: boolean
  /** Nobody may look into the credit file. Default: false. */
  readonly isFrozen?: boolean
  /** Whoever claims to be this person is doubted. Default: nobody is, but for an SSN that is not the given one. */
  readonly doubt?: Exclude<IdentityDoubt, 'ssn_mismatch'>
  /** Given: exactly these debts, none invented. */
  readonly liabilities?: readonly LiabilityDraft[]
}

export interface LiabilityDraft {
  readonly merchantNumber: number
  readonly accountNumber?: string
  readonly balanceCents?: number
  readonly creditLimitCents?: number
  readonly interestRatePercent?: number
  readonly openedOn?: string
  readonly isClosed?: boolean
}

export interface Persona {
  readonly phone: string
  readonly firstName: string
  readonly lastName: string
  readonly dob: string
  readonly address: PostalAddress
  readonly liabilityCount: number
}

export interface Stage {
  /** Registers or replaces; all or nothing. Throws `PersonaRejected` with the field and what to do. */
  registerPersonas(realm: string, drafts: readonly PersonaDraft[]): Promise<readonly Persona[]>
  listPersonas(realm: string): Promise<readonly Persona[]>
  /** The texts that a phone got, newest first. */
  messages(realm: string, phone: string): Promise<readonly { readonly text: string; readonly sentAt: string }[]>
  /** Buys something with a card, authorized and posted at once; null for an account that is no open card. */
  buy(ask: Ask, accountRef: string, purchase: PurchaseDraft): Promise<CardTransaction | null>
  /** Gives a card another face; false when there is no such card or face. */
  reissueCard(ask: Ask, accountRef: string, face: CardFace): Promise<boolean>
  /** Debts of these types arise when the person's debts are next asked for; false when more than five would wait. */
  awaitDebts(ask: Ask, personRef: string, types: readonly LiabilityType[]): Promise<boolean>
  /** So many soft inquiries stand in the credit file from when it is next asked for; false when more than five would wait. */
  awaitSoftInquiries(ask: Ask, personRef: string, count: number): Promise<boolean>
  /** Sends an entry back at once; false for one that was never handed over. One that is back already stays as it is. */
  returnEntry(ask: Ask, reference: string, code: string): Promise<boolean>
  /** Ends a debt today, with nothing owed; false when there is no such open debt. */
  closeDebt(ask: Ask, accountRef: string): Promise<boolean>
  /** What came in at a deposit account, newest first; what was taken is negative. */
  deposits(realm: string, accountNumber: string): Promise<readonly { readonly cents: number; readonly at: string }[]>
  /** Makes an institution answer every login and every question with a reason, until it is null again; false for one without logins. */
  setInstitutionFault(realm: string, institutionSlug: string, reason: LoginRefusal | null): Promise<boolean>
  /** Whom the page waits for that a login was sent to; null when nobody. */
  awaitedVisit(ask: Ask, attemptRef: string): Promise<AwaitedVisit | null>
  /** What a consumer does at that page, after which the login goes on; false when nobody is awaited. */
  visitInstitution(ask: Ask, attemptRef: string, visit: LoginVisit): Promise<boolean>
  /** What becomes of micro-deposits to an account of this number. */
  depositCourse(accountNumber: string): DepositCourse
  /** How the server that logs in with these credentials shall stumble, so that its callers can rehearse it. */
  courseOf(institutionSlug: string, credentials: Readonly<Record<string, string>>): Promise<RehearsedCourse>
  /** Has the institution end an access, so that the consumer must log in again; false when there is none. */
  expireAccess(ask: Ask, accessRef: string): Promise<boolean>
  /** Adds a line to a deposit account behind an access; null when there is no such account, or for a day to come. */
  addLine(ask: Ask, account: HeldRef, draft: LineDraft): Promise<HeldTransaction | null>
  /** Changes a line of a deposit account behind an access; null when it is not there. */
  changeLine(ask: Ask, line: HeldRef, change: LineChange): Promise<HeldTransaction | null>
  /** Takes a line away, as if it had never been; null when it is not there. */
  removeLine(ask: Ask, line: HeldRef): Promise<HeldTransaction | null>
}

/** An account, or a line of one, behind an access. */
export interface HeldRef {
  readonly accessRef: string
  readonly ref: string
}

export interface LineDraft {
  readonly cents: number
  readonly direction: HeldTransaction['direction']
  readonly description: string
  /** Default: the day of asking. */
  readonly on?: string
  /** It stays pending until it is changed. Default: false. */
  readonly isPending?: boolean
  /** Default: the description in capitals. */
  readonly rawDescription?: string
  /** Default: general. */
  readonly category?: string
  readonly subcategory?: string | null
  readonly counterparty?: HeldTransaction['counterparty']
}

/** What is left out stays. */
export type LineChange = Partial<
  Pick<HeldTransaction, 'cents' | 'description' | 'rawDescription' | 'category' | 'subcategory'>
> & { readonly status?: 'pending' | 'posted' }

export interface AwaitedVisit {
  readonly institutionSlug: string
  readonly returnUrl: string | null
}

/** Test logins do there what they do at any institution. */
export type LoginVisit =
  | { readonly kind: 'login'; readonly userName: string; readonly password: string }
  | { readonly kind: 'refused'; readonly reason: LoginRefusal }

export interface DepositCourse {
  /** Null where they are just sent. */
  readonly outcome: 'not_sent' | 'rejected' | 'conflicted' | 'invalid' | null
  /** Null for any. */
  readonly amountsCents: readonly number[] | null
}

export interface RehearsedCourse {
  readonly trouble:
    | 'making_is_invalid'
    | 'making_is_forbidden'
    | 'making_fails'
    | 'running_fails'
    | 'reading_is_flaky'
    | null
  /** How much longer everything takes, and whether accounts can be shown before. */
  readonly slowMs: number
  readonly isReadyEarly: boolean
  /** The consumer is asked which of the accounts is meant. */
  readonly choosesAccount: boolean
}

/** What is left out is invented. */
export interface PurchaseDraft {
  readonly amountCents?: number
  readonly merchantName?: string
  /** ISO 18245, four digits. */
  readonly categoryCode?: string
}

export interface CardFace {
  readonly productNumber: number
  readonly brandNumber: number
}

export class PersonaRejected extends Error {}
