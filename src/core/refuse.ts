/** The caller asked for something that is not allowed. Nothing was changed. */
export class Refusal extends Error {
  readonly code: string
  /** The member at fault, in the core's words (`individual.firstName`), and what it breaks; a face respells the name. */
  readonly fault: Fault | null
  /** What else a face may have to say: the state that is in the way, the seconds to wait. */
  readonly detail: string | null

  constructor(code: string, message: string, fault: Fault | null, detail: string | null = null) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.fault = fault
    this.detail = detail
  }
}

export interface Fault {
  readonly member: string
  /** The rest of the sentence that the member's name begins. */
  readonly rule: string
}

/** A list of refusals: code → one sentence saying what to do. */
export type RefusalList = Readonly<Record<string, string>>

/** Makes the `refuse` of one capability: `refuse('consumer.not_found')`, with the member at fault where there is one. */
export function refuser<L extends RefusalList>(
  list: L,
): (code: keyof L & string, fault?: Fault | null, detail?: string) => Refusal {
  return (code, fault = null, detail) =>
    new Refusal(code, fault ? `${fault.member} ${fault.rule}` : (list[code] ?? code), fault, detail ?? null)
}
