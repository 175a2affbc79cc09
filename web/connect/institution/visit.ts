/** What the page asks of the server behind it, and tells it. */

export interface Host {
  readonly name: string
  readonly color: string
  /** For dark grounds. */
  readonly color_dark: string
  readonly mark: string
}

export type Deed =
  | { readonly kind: 'login'; readonly user_name: string; readonly password: string }
  | { readonly kind: 'refused'; readonly reason: string }

export interface Visit {
  /** Null when nobody is awaited. */
  host(): Promise<Host | null>
  /** Where the visitor goes next: null where nobody waits, undefined when nobody is awaited any more. */
  end(deed: Deed): Promise<string | null | undefined>
}

export function openVisit(path: string): Visit {
  const address = `${path.replace(/\/$/, '')}/visit`
  return {
    async host() {
      const answer = await fetch(address)
      return answer.ok ? ((await answer.json()) as Host) : null
    },
    async end(deed) {
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(deed),
      })
      return answer.ok ? ((await answer.json()) as { readonly back: string | null }).back : undefined
    },
  }
}

/** What else can happen at an institution, so that it can be rehearsed. Contract: mx-connect/states §8.3. */
export const MISHAPS = [
  { reason: 'invalid_credentials', label: 'Wrong login' },
  { reason: 'setup_required', label: 'Needs attention' },
  { reason: 'institution_down', label: 'Bank error' },
  { reason: 'provider_failed', label: 'Server error' },
  { reason: 'challenge_expired', label: 'Session error' },
] as const

/** The login that is good everywhere. */
export const GOOD: Deed = { kind: 'login', user_name: 'user_good', password: 'pass_good' }
