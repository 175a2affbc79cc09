/** A customer's page, of another origin than the server, that opens elements with the script as a customer would. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { methodApi } from './method-api.js'

/** What the customer's page heard, by which callback. */
export interface Heard {
  readonly callback: string
  readonly type: string
  readonly payload: Wire
}

export interface ElementsHost {
  /** `http://localhost:…`, while the server is at 127.0.0.1. */
  readonly origin: string
  /** Shows the customer's page. `html` stands in its body. */
  visit(page: Page, html?: string): Promise<void>
  /** Opens an element on the customer's page, which is shown already. */
  open(page: Page, token: string, options?: object): Promise<FrameLocator>
  heard(page: Page): Promise<readonly Heard[]>
}

export function useElementsHost(server: { readonly url: string }): ElementsHost {
  let host: Server | null = null
  let origin = ''
  beforeAll(async () => {
    host = createServer((request, reply) => {
      const html = new URL(request.url ?? '/', 'http://host').searchParams.get('html') ?? ''
      reply.setHeader('content-type', 'text/html; charset=utf-8')
      reply.end(pageWith(server.url, html))
    }).listen(0)
    await once(host, 'listening')
    origin = `http://localhost:${(host.address() as AddressInfo).port}`
  })
  afterAll(() => {
    host?.close()
    host?.closeAllConnections()
  })
  return {
    get origin() {
      return origin
    },
    async visit(page, html = '') {
      await page.goto(`${origin}/?html=${encodeURIComponent(html)}`)
    },
    async open(page, token, options = {}) {
      await page.evaluate(([secret, given]) => (globalThis as unknown as Customer).openElement(secret, given), [
        token,
        options,
      ] as const)
      return page.frameLocator('#method-elements-modal-id iframe')
    },
    heard: (page) => page.evaluate(() => (globalThis as unknown as Customer).heard),
  }
}

interface Customer {
  readonly heard: readonly Heard[]
  openElement(token: string, options: object): void
}

function pageWith(url: string, html: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A customer</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
    <script src="${url}/elements/v1/stable/init.js"></script>
    <script>
      window.heard = []
      const hear = (callback) => (payload) => heard.push({ callback, type: payload.op, payload })
      window.openElement = (token, options) => new Method({
        onOpen: hear('onOpen'), onSuccess: hear('onSuccess'), onError: hear('onError'), onExit: hear('onExit'),
        onEvent: ({ data }) => heard.push({ callback: 'onEvent', type: data.type, payload: data.payload }),
        ...options,
      }).open(token)
    </script></head><body><main><h1>A customer</h1>${html}</main></body></html>`
}

/** The customer's server: makes tokens, and looks what came of them. */
export function elementsApi(server: { readonly url: string }, key?: string) {
  const asked = async (reply: Promise<{ readonly status: number; readonly text: string; readonly body: Wire }>) => {
    const { status, text, body } = await reply
    expect(status, text).toBe(200)
    return body.data as Wire
  }
  const api = () => methodApi(server, key)
  return {
    api,
    post: (path: string, body: object) => asked(api().post(path, body)),
    get: (path: string) => asked(api().get(path)),
    token: async (body: object): Promise<string> => (await asked(api().post('/elements/token', body))).element_token,
    results: (token: string) => asked(api().get(`/elements/token/${token}/results`)),
  }
}

/** The types of what an element told, oldest first. */
export function typesOf({ events }: Wire): readonly string[] {
  return (events as readonly Wire[]).map(({ type }) => type)
}
