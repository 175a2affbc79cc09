/** The caller asked for something that is not allowed. Nothing was changed. */
export class Refusal extends Error {
  readonly code: string
  /** The member at fault, in the core's words (`individual.firstName`), and what it breaks; a face respells the name. */
  readonly fault: Fault | null

  constructor(code: string, message: string, fault: Fault | null) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.fault = fault
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
export function refuser<L extends RefusalList>(list: L): (code: keyof L & string, fault?: Fault) => Refusal {
  return (code, fault) =>
    new Refusal(code, fault ? `${fault.member} ${fault.rule}` : (list[code] ?? code), fault ?? null)
}
