/** A customer's page, of another origin than the server, that opens elements with the script as a customer would. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { PageRequest, TestBrowser } from './browser.js'
import { type WalkRequest, walkOf } from './elements-walk.js'
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
export function elementsApi(server: { readonly url: string }, key?: () => string) {
  const asked = async (reply: Promise<{ readonly status: number; readonly text: string; readonly body: Wire }>) => {
    const { status, text, body } = await reply
    expect(status, text).toBe(200)
    return body.data as Wire
  }
  const api = () => methodApi(server, key?.())
  return {
    api,
    post: (path: string, body: object) => asked(api().post(path, body)),
    get: (path: string) => asked(api().get(path)),
    token: async (body: object): Promise<string> => (await asked(api().post('/elements/token', body))).element_token,
    results: (token: string) => asked(api().get(`/elements/token/${token}/results`)),
  }
}

/** The body of a connect token for somebody of whom this is known. */
export function connectFor(individual: object, connect: object = {}) {
  return {
    type: 'connect',
    team_name: 'Acme',
    connect: { products: ['balance'], entity: { type: 'individual', individual }, ...connect },
  }
}

/** The types of what an element told, oldest first. */
export function typesOf({ events }: Wire): readonly string[] {
  return (events as readonly Wire[]).map(({ type }) => type)
}

/** The last event of a type. */
export function lastOf({ events }: Wire, type: string): Wire | undefined {
  return (events as readonly Wire[]).findLast((event) => event.type === type)
}

export const KEVIN = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' }
/** Is asked three questions. */
export const QUESTIONED = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231112', dob: '1997-03-18' }

/** Opens elements of a customer, and looks how they ended. */
export function elementRuns({
  browser,
  host,
  customer,
}: {
  readonly browser: TestBrowser
  readonly host: ElementsHost
  readonly customer: ReturnType<typeof elementsApi>
}) {
  return {
    /** Makes a token, or takes one, opens it on the customer's page, and steps in. */
    async begin(
      wanted: object | string,
      { shots, options, ...request }: PageRequest & WalkRequest & { options?: object } = {},
    ) {
      const page = await browser.page(request)
      const token = typeof wanted === 'string' ? wanted : await customer.token(wanted)
      await host.visit(page)
      await host.open(page, token, options)
      return { page, token, walk: await walkOf(page, shots === undefined ? {} : { shots }) }
    },
    /** The page was closed, the customer heard what the results keep, and nothing went wrong in the browser. */
    async ended({ page, token }: { readonly page: Page; readonly token: string }) {
      await expect.poll(() => page.locator('#method-elements-modal-id').count()).toBe(0)
      const results = await customer.results(token)
      const heard = await host.heard(page)
      expect(heard.filter(({ callback }) => callback === 'onEvent').map(({ type }) => type)).toEqual(typesOf(results))
      expect(browser.complaints(page)).toEqual([])
      await page.context().close()
      return { results, heard, types: typesOf(results) }
    },
  }
}
