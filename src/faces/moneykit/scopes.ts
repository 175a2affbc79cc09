/** What a client may be allowed to do. Contract: moneykit/conventions §4.4. */
export const SCOPES = [
  'link_session:create',
  'link_session:tags:moneykit_reserved',
  'link_session:features:issue_reporter',
  'link_session:features:bug_reporter',
  'link_session:features:money_id',
  'link_session:features:device_verification',
  'link_session:features:provider_sandbox_institutions',
  'link_session:features:simulate_provider_error',
  'link:data:read',
  'link:data:refresh',
  'link:delete',
  'link:product:investments',
  'institutions:read',
  'institutions:assets:read',
] as const
export type Scope = (typeof SCOPES)[number]

/** The scopes of a text that separates them by spaces, each once. */
export function readScopes(text: string): readonly string[] {
  return [...new Set(text.split(' ').filter((scope) => scope !== ''))]
}
