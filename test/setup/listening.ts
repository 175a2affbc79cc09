/** The server's parts in the process of the tests, reached by real HTTP, with a clock that tests move. */
import { afterAll, beforeAll } from 'vitest'
import { type App, openApp } from './app.js'

export interface Listening {
  /** Without a slash at the end. */
  readonly url: string
  readonly app: App
}

export function useListeningApp(): Listening {
  let app: App | null = null
  let url = ''
  beforeAll(async () => {
    app = await openApp()
    url = await app.http.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(async () => {
    // A browser keeps its connections, and a server that closes waits for them.
    app?.http.server.closeAllConnections()
    await app?.close()
  })
  return {
    get url() {
      return url
    },
    get app() {
      if (!app) throw new Error('The app listens only while tests run.')
      return app
    },
  }
}
