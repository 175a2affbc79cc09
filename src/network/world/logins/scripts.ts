/**
 * How logging in goes. The logins below are the same at every institution; a user name that is not among them belongs to
 * whoever uses it, and then the password may ask for a course of its own. Anything else just lets in.
 *
 * | user name              | password    | what happens                                                      |
 * | ---------------------- | ----------- | ----------------------------------------------------------------- |
 * | `user_good`            | `pass_good` | lets in; with another password, `invalid_credentials`             |
 * | `user_bad`             | any         | `invalid_credentials`                                             |
 * | `user_locked`          | any         | `locked`                                                          |
 * | `user_impeded`         | any         | `setup_required`: something has to be done at the institution     |
 * | `user_denied`          | any         | `access_denied`                                                   |
 * | `user_mfa`             | any         | a one-time code: `1234`                                           |
 * | `user_mfa_device`      | any         | where to send the code, then the code                             |
 * | `user_question`        | any         | a security question: `correct`                                    |
 * | `user_questions`       | any         | two security questions at once                                    |
 * | `user_image`           | any         | a picture and what is written in it: `correct`                    |
 * | `user_image_options`   | any         | two pictures, the right one is labelled `correct`                 |
 * | `user_no_accounts`     | any         | `no_accounts`                                                     |
 * | `user_down`            | any         | `institution_down`                                                |
 * | `user_maintenance`     | any         | `institution_maintenance`                                         |
 * | `user_timeout`         | any         | `provider_failed`                                                 |
 * | `user_custom`          | any         | finds the accounts that the caller described                      |
 * | `user_busy`            | any         | finds a checking account with more than 20,000 transactions       |
 *
 * contract: moneykit/links §1.6, mx-connect/states §8.2
 */
import type { CustomData, LoginRefusal, RehearsedCourse } from '../../port.js'
import type { QuestionName } from './questions.js'

/** Another set of accounts of the same person. */
export type Variant = 'own' | 'busy' | 'described'

export interface Script {
  /** Asked one round after the other. */
  readonly rounds: readonly (readonly QuestionName[])[]
  /** At once instead of anything else. */
  readonly refusal: LoginRefusal | null
  readonly variant: Variant
  /** Of `described`: what is found whatever the caller described. */
  readonly customData?: CustomData
}

const lets: Script = { rounds: [], refusal: null, variant: 'own' }
const refuses = (refusal: LoginRefusal): Script => ({ ...lets, refusal })
const asks = (...rounds: readonly (readonly QuestionName[])[]): Script => ({ ...lets, rounds })

const GOOD = { userName: 'user_good', password: 'pass_good' }

const BY_USER_NAME: ReadonlyMap<string, Script> = new Map([
  ['user_bad', refuses('invalid_credentials')],
  ['user_locked', refuses('locked')],
  ['user_impeded', refuses('setup_required')],
  ['user_denied', refuses('access_denied')],
  ['user_mfa', asks(['code'])],
  ['user_mfa_device', asks(['device'], ['code'])],
  ['user_question', asks(['pet'])],
  ['user_questions', asks(['pet', 'street'])],
  ['user_image', asks(['image'])],
  ['user_image_options', asks(['image_options'])],
  ['user_no_accounts', refuses('no_accounts')],
  ['user_down', refuses('institution_down')],
  ['user_maintenance', refuses('institution_maintenance')],
  ['user_timeout', refuses('provider_failed')],
  ['user_custom', { ...lets, variant: 'described' }],
  ['user_busy', { ...lets, variant: 'busy' }],
])

// contract: mx-connect/states §8.2; the words work as passwords, and as answers to what was asked
const REFUSING_WORDS: ReadonlyMap<string, LoginRefusal> = new Map([
  ['UNAUTHORIZED', 'invalid_credentials'],
  ['INVALID', 'invalid_credentials'],
  ['DENIED', 'rejected_without_reason'],
  ['DISABLED', 'invalid_credentials'],
  ['IMPORT_DISABLED', 'reading_disabled'],
  ['LOCKED', 'locked'],
  ['PREVENTED', 'too_many_failures'],
  ['IMPEDED', 'setup_required'],
  ['ACCESS_DENIED', 'access_denied'],
  ['NO_ACCOUNTS', 'no_accounts'],
  ['OUTAGE', 'institution_unavailable'],
  ['DOWN', 'institution_down'],
  ['MAINTENANCE', 'institution_maintenance'],
  ['BAD_REQUEST', 'provider_failed'],
  ['SERVER_ERROR', 'provider_failed'],
  ['UNAVAILABLE', 'provider_failed'],
])
const ASKING_WORDS: ReadonlyMap<string, readonly QuestionName[]> = new Map([
  ['challenge', ['pet']],
  ['challenge2', ['pet', 'street']],
  ['options', ['outcome']],
  ['image', ['image']],
  ['image_options', ['image_options']],
  ['token', ['code']],
] as const)

/** Lets in, but nothing is there that one could pay from. */
const CARD_ONLY = 'INELIGIBLE'
const ONE_CARD: CustomData = {
  accounts: [
    { type: 'liability.credit_card', name: 'Rewards Card', accountNumber: '4000990000009987', routingNumber: null },
  ],
  owners: null,
}

// Passwords that let in at once, while the server that uses them is made to stumble. contract: mx-connect/states §8.2
const STUMBLES: ReadonlyMap<string, Partial<RehearsedCourse>> = new Map<string, Partial<RehearsedCourse>>([
  ['select_account', { choosesAccount: true }],
  ['SLOW', { slowMs: 70_000 }],
  ['EARLY', { slowMs: 20_000, isReadyEarly: true }],
  ['HTTP_400', { trouble: 'making_is_invalid' }],
  ['HTTP_403', { trouble: 'making_is_forbidden' }],
  ['HTTP_500', { trouble: 'making_fails' }],
  ['JOB_500', { trouble: 'running_fails' }],
  ['FLAKY', { trouble: 'reading_is_flaky' }],
])

/** How whoever uses the password shall stumble. */
export function courseOf(password: string): RehearsedCourse {
  return { trouble: null, slowMs: 0, isReadyEarly: false, choosesAccount: false, ...STUMBLES.get(password) }
}

/** Every user name and every word with a course of its own. */
export const TEST_LOGINS: readonly string[] = [GOOD.userName, ...BY_USER_NAME.keys()]
export const TEST_WORDS: readonly string[] = [
  ...ASKING_WORDS.keys(),
  ...REFUSING_WORDS.keys(),
  ...STUMBLES.keys(),
  CARD_ONLY,
]

/** The course of a login with a user name and a password. */
export function scriptOf({ userName, password }: { readonly userName: string; readonly password: string }): Script {
  if (userName === GOOD.userName) return password === GOOD.password ? lets : refuses('invalid_credentials')
  const known = BY_USER_NAME.get(userName)
  if (known) return known
  if (userName === '' || password === '') return refuses('invalid_credentials')
  return scriptOfWord(password) ?? lets
}

/** What a word asks for, as a password or as an answer; null for an ordinary one. */
export function scriptOfWord(word: string): Script | null {
  if (word === CARD_ONLY) return { ...lets, variant: 'described', customData: ONE_CARD }
  const refusal = REFUSING_WORDS.get(word)
  if (refusal) return refuses(refusal)
  const names = ASKING_WORDS.get(word)
  return names ? asks(names) : null
}
