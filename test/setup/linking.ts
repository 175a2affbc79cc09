/** The back end of an app that links: it makes sessions, exchanges tokens and reads, over HTTP. */
import type { Wire } from './app.js'
import type { CustomerApp } from './launcher.js'
import type { Served } from './served.js'

const DEMO_KEY = 'sk_dev_clearspan_demo'
const DEMO_CLIENT = { 'x-client-id': 'clearspan_demo', 'x-client-secret': 'clearspan_demo_secret' }

export interface LinkingBackEnd {
  ask(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: Wire }>
  /** A session for a new user, except as said; returns its token. */
  session(more?: Readonly<Record<string, unknown>>): Promise<string>
  exchange(token: string): Promise<Wire>
  /** Of the whole team, by an ISO 8601 duration. */
  advanceClock(duration: string): Promise<void>
}

let users = 0

export function backEndOf(server: Served, app: CustomerApp): LinkingBackEnd {
  const ask: LinkingBackEnd['ask'] = async (method, path, body) => {
    const answer = await fetch(`${server.url}/moneykit${path}`, {
      method,
      headers: { ...DEMO_CLIENT, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  }
  return {
    ask,
    async session(more = {}) {
      const { status, body } = await ask('POST', '/link-session', {
        customer_user: { id: `browser-user-${++users}` },
        redirect_uri: app.redirectUri,
        settings: {
          products: {
            account_numbers: { prefetch: true },
            identity: { required: true, reason: 'check that the account is yours' },
            transactions: { prefetch: true },
          },
        },
        ...more,
      })
      if (status !== 201) throw new Error(JSON.stringify(body))
      return body.link_session_token
    },
    async exchange(token) {
      const { status, body } = await ask('POST', '/link-session/exchange-token', { exchangeable_token: token })
      if (status !== 201) throw new Error(JSON.stringify(body))
      return body
    },
    async advanceClock(duration) {
      const answer = await fetch(`${server.url}/method/simulate/clock`, {
        method: 'POST',
        headers: { authorization: `Bearer ${DEMO_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ advance: duration }),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
  }
}
