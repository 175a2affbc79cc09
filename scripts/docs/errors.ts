/** Every error a caller can meet: the page `docs/errors.md`. */
import { accountVerificationRefusals } from '../../src/core/account-verification/errors.js'
import { accountRefusals } from '../../src/core/accounts/errors.js'
import { apiClientRefusals } from '../../src/core/api-clients/errors.js'
import { clockRefusals } from '../../src/core/clock/errors.js'
import { connectionRefusals } from '../../src/core/connections/errors.js'
import { consentRefusals } from '../../src/core/consent/errors.js'
import { consumerRefusals } from '../../src/core/consumers/errors.js'
import { elementFlowRefusals } from '../../src/core/element-flow/errors.js'
import { eventRefusals } from '../../src/core/events/errors.js'
import { institutionRefusals } from '../../src/core/institutions/errors.js'
import { loginRefusals } from '../../src/core/logins/errors.js'
import { microDepositRefusals } from '../../src/core/micro-deposits/errors.js'
import { opalRefusals } from '../../src/core/opal/errors.js'
import { paymentRefusals } from '../../src/core/payments/errors.js'
import { productRefusals } from '../../src/core/products/errors.js'
import type { RefusalCode } from '../../src/core/refusals.js'
import { reportRefusals } from '../../src/core/reports/errors.js'
import { requestRefusals } from '../../src/core/requests/errors.js'
import { elementRefusals } from '../../src/core/sessions/errors.js'
import { signingRefusals } from '../../src/core/signing/errors.js'
import { simulationRefusals } from '../../src/core/simulation/errors.js'
import { subscriptionRefusals } from '../../src/core/subscriptions/errors.js'
import { teamRefusals } from '../../src/core/teams/errors.js'
import { transactionRefusals } from '../../src/core/transactions/errors.js'
import { verificationRefusals } from '../../src/core/verification/errors.js'
import { webhookRefusals } from '../../src/core/webhooks/errors.js'
import { widgetRefusals } from '../../src/core/widgets/errors.js'
import { type ErrorRow, errorRows, httpErrors } from '../../src/faces/method/errors.js'
import * as resourceErrors from '../../src/faces/method/resource-errors.js'
import { type ErrorRow as MoneykitRow, errorRows as moneykitRows, ownErrors } from '../../src/faces/moneykit/errors.js'

// Asks for the list of a capability that is missing.
const sentences = {
  ...accountRefusals,
  ...accountVerificationRefusals,
  ...apiClientRefusals,
  ...clockRefusals,
  ...connectionRefusals,
  ...consentRefusals,
  ...consumerRefusals,
  ...elementFlowRefusals,
  ...elementRefusals,
  ...opalRefusals,
  ...institutionRefusals,
  ...loginRefusals,
  ...microDepositRefusals,
  ...paymentRefusals,
  ...productRefusals,
  ...reportRefusals,
  ...requestRefusals,
  ...signingRefusals,
  ...simulationRefusals,
  ...subscriptionRefusals,
  ...teamRefusals,
  ...transactionRefusals,
  ...verificationRefusals,
  ...eventRefusals,
  ...webhookRefusals,
  ...widgetRefusals,
} satisfies Record<RefusalCode, string>

const httpSentences = {
  badRequest: 'The body or the query does not have the shape that the route takes; the message names the member.',
  notFound: 'There is no such route.',
  methodNotAllowed: 'The route exists, with other methods: the header `allow` lists them.',
  tooLarge: 'The body is larger than 1 MB.',
  unsupportedMediaType: 'The body is not `application/json`.',
  internal: 'A defect of the server: its log has the rest, under the `request-id` of the answer.',
  unavailable: 'The database cannot be reached or takes too long. Try again shortly, with the same idempotency key.',
} as const satisfies Record<keyof typeof httpErrors, string>

const HEAD = `# Errors of the method face

An error that answers a request has this body, whatever the HTTP status, and \`code\` repeats the status:`

const EXAMPLE = `\`\`\`json
{
  "success": false,
  "data": {
    "error": {
      "type": "INVALID_REQUEST",
      "code": 404,
      "sub_type": "NOT_FOUND",
      "message": "No entity has this id. Check the id and the API key."
    }
  },
  "message": "No entity has this id. Check the id and the API key."
}
\`\`\``

const REQUESTS = `Decide by \`type\` and \`sub_type\`; \`message\` is for people and may change. Where a sentence below speaks of "a member", the
message names the one at fault and what it must be. \`refusal\` is the name inside Clearspan, for finding the place in the
source: [adding.md](adding.md#an-error) shows how one is added. From 2025-12-01 on, a refusal listed with 400 and a \`sub_type\` other
than \`INVALID_REQUEST\` answers 422.`

const RESOURCES = `What failed outside, at an institution or with a person, is not an answer to a request. It stands in the member \`error\` of
the resource, whose \`status\` says \`failed\` or \`disabled\`, and the request that reads it answers 200. Listed is
every text the server knows; some wait for operations that [don't work yet](support.md).`

export function errorsPage(): string {
  const refusals = Object.entries(errorRows).map(([code, row]) => rowOf(code, row, sentences[code as RefusalCode]))
  const http = Object.entries(httpErrors).map(([name, row]) =>
    rowOf(null, row, httpSentences[name as keyof typeof httpSentences]),
  )
  return [
    HEAD,
    EXAMPLE,
    REQUESTS,
    `## Errors that answer a request\n\n${table(['status', 'type', 'sub_type', 'when', 'refusal'], refusals)}`,
    `## Errors of HTTP itself\n\n${table(
      ['status', 'type', 'sub_type', 'when'],
      http.map((row) => row.slice(0, 4)),
    )}`,
    `## Errors on a resource\n\n${RESOURCES}`,
    ...Object.entries(resourceErrors).map(([name, errors]) => resourceSection(name, errors)),
  ].join('\n\n')
}

/** By status, then as the table of the face has them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const sorted = [...rows].sort((a, b) => Number(a[0]) - Number(b[0]))
  return [head, head.map(() => '---'), ...sorted].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function rowOf(code: string | null, { status, type, subType, message }: ErrorRow, sentence: string): readonly string[] {
  return [String(status), `\`${type}\``, `\`${subType}\``, message ?? sentence, code === null ? '' : `\`${code}\``]
}

function resourceSection(name: string, errors: object): string {
  // Several products may fail with the same error.
  const rows = [...new Set(Object.values(errors))]
    .filter(isWireError)
    .map(({ type, code, sub_type, message }) => [String(code), `\`${type}\``, `\`${sub_type}\``, message])
  return `### ${titleOf(name)}\n\n${table(['code', 'type', 'sub_type', 'message'], rows)}`
}

function isWireError(value: unknown): value is resourceErrors.WireResourceError {
  return typeof value === 'object' && value !== null && 'sub_type' in value
}

/** `entityErrors` → `Entity`. */
function titleOf(name: string): string {
  const words = name.replace(/Errors$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const OWN_SENTENCES = {
  expiredToken: 'The bearer token was valid once. Get a new one and repeat the request.',
  unauthorized: 'Credentials are missing, malformed, unknown or revoked, or lack a scope, which the message names.',
  rateLimited: 'The client asks too often; `Retry-After` says for how many seconds to wait.',
  unsupportedGrant: 'An access token was asked for by another grant than `client_credentials`.',
  invalid: 'A parameter, header or body breaks its schema; `validation_errors` lists every flaw.',
  forbiddenConfig:
    'A session asks for a feature, a tag, a product or an address to come back to that the client may not use.',
  invalidSession: 'The link session token is none.',
  notFound: 'There is no such route.',
  methodNotAllowed: 'The route exists, with other methods: the header `allow` lists them.',
  tooLarge: 'The body is larger than 1 MB.',
  unsupportedMediaType: 'The body is not `application/json`, or, for an access token, no form.',
  internal: 'A defect of the server; its log has the rest.',
  unavailable: 'The database cannot be reached or takes too long. Try again shortly.',
} as const satisfies Record<keyof typeof ownErrors, string>

const MONEYKIT_HEAD = `# Errors of the moneykit face

An error has this body, and nothing around it:

\`\`\`json
{
  "error_code": "link_error.not_found",
  "error_message": "Link not found.",
  "documentation_url": null
}
\`\`\`

A request that breaks its schema also has \`validation_errors\`, every flaw with its \`location\` and \`type\`; a link that is of no use in its
present state has \`link_error_code\`. \`refusal\` is the name inside Clearspan. Decide by \`error_code\`; two kinds of body share the
status 422.`

/** Every error that a caller of the moneykit face can meet: the page `docs/moneykit-errors.md`. */
export function moneykitErrorsPage(): string {
  const own = Object.entries(ownErrors).map(([name, row]) =>
    moneykitRow(row, OWN_SENTENCES[name as keyof typeof ownErrors], null),
  )
  const refusals = Object.entries(moneykitRows).map(([code, row]: [string, MoneykitRow]) =>
    moneykitRow(row, row.message ?? sentences[code as RefusalCode], code),
  )
  return [MONEYKIT_HEAD, table(['status', 'error_code', 'when', 'refusal'], [...own, ...refusals])].join('\n\n')
}

function moneykitRow({ status, code }: MoneykitRow, sentence: string, refusal: string | null): readonly string[] {
  return [String(status), `\`${code}\``, sentence, refusal === null ? '' : `\`${refusal}\``]
}
