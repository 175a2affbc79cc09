/** The server's door for tests: what no API has, such as making a team. */

/** Where a server for tests is. */
export interface Address {
  readonly url: string
  readonly doorUrl: string
  readonly token: string
}

/** Where the address of a shared server is found by the processes that use it. */
export const ADDRESS_VARIABLE = 'CLEARSPAN_TESTING'

export interface Door {
  post<T = unknown>(path: string, body?: object): Promise<T>
}

export function openDoor({ doorUrl, token }: Address): Door {
  return {
    async post<T>(path: string, body: object = {}) {
      const answer = await fetch(`${doorUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`The test server can't do that (${path}, ${answer.status}): ${text}`)
      return JSON.parse(text) as T
    },
  }
}

export function readSharedAddress(): Address {
  const text = process.env[ADDRESS_VARIABLE]
  if (text) return JSON.parse(text) as Address
  throw new Error(
    'There is no shared server: run the suite by "npx clearspan-testing <command>", or name @clearspan/testing/global-setup as the global setup of vitest or jest.',
  )
}
