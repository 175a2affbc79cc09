/** What an element tells: `op` is what happened, and the rest what came of it. */
export interface ElementPayload {
  readonly op: 'open' | 'success' | 'error' | 'exit' | (string & {})
  readonly element_type: 'connect' | 'auth' | 'balance_transfer' | 'account_verify' | 'link' | 'unknown'
  readonly entity_id?: string
  readonly accounts?: readonly string[]
  /** Of an auth element. */
  readonly authenticated?: boolean
  readonly cxn_id?: string
  /** Of an error. */
  readonly type?: string
  readonly sub_type?: string
  readonly message?: string
  readonly code?: number
}

export interface MethodOptions {
  readonly env?: 'dev' | 'sandbox' | 'production'
  /** The server that has the elements, such as `http://localhost:4000`. Without it they are the vendor's. */
  readonly baseUrl?: string
  /** `en`, `es` or `fr-CA`; otherwise the browser's. */
  readonly locale?: string
  readonly onEvent?: (event: MessageEvent) => void
  readonly onOpen?: (payload: ElementPayload) => void
  readonly onSuccess?: (payload: ElementPayload) => void
  readonly onError?: (payload: ElementPayload) => void
  readonly onExit?: (payload: ElementPayload) => void
}

export interface MethodElements {
  /** Shows the element of a token; does nothing while one is shown. */
  open(token: string): void
}

/** Null until the script of the elements has been loaded. */
export function useMethod(options?: MethodOptions): MethodElements | null
