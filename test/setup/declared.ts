/** What every answer of the method face promises: the envelope, the headers, and the members its route declares. */
import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface Routes {
  /** The schema that the route behind an address declares for a status; null where it declares none. */
  schemaOf(method: string, url: string, status: number): TSchema | null
}

/** Remembers what each route says of its answers. Call it before the server is ready. */
export function watchRoutes(http: FastifyInstance): Routes {
  const routes: {
    readonly method: string
    readonly pattern: RegExp
    readonly places: number
    readonly response: Wire
  }[] = []
  http.addHook('onRoute', ({ method, url, schema }) => {
    const pattern = new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`)
    const places = url.split(':').length - 1
    for (const name of [method].flat()) {
      routes.push({ method: name, pattern, places, response: schema?.response as Wire })
    }
  })
  return {
    schemaOf(method, url, status) {
      const path = url.split('?', 1)[0] ?? url
      // The fewer places a route has, the better it fits a path.
      const fitting = routes.filter((known) => known.method === method && known.pattern.test(path))
      const [route] = fitting.sort((a, b) => a.places - b.places)
      const declared = route?.response?.[status] ?? route?.response?.[`${Math.floor(status / 100)}xx`]
      if (!declared && status < 300) throw new Error(`${method} ${path} declares nothing for ${status}.`)
      return declared ?? null
    },
  }
}

/** Contract: method/conventions §5, §7, §8. */
export function expectEnvelope(name: string, { status, headers }: Answer, body: Wire): void {
  const isSuccess = status === 200
  expect(Object.keys(body), name).toEqual(['success', 'data', 'message'])
  expect(body.success, name).toBe(isSuccess)
  expect(headers['request-id'], name).toMatch(/^req_\w{24}$/)
  expect(headers['idem-request-id'], name).toBe(headers['request-id'])
  expect(headers['idem-status'], name).toMatch(/^(stored|replayed|bypassed)$/)
  expect(headers['content-type'], name).toBe('application/json; charset=utf-8')
  if (isSuccess) return
  expect(Object.keys(body.data), name).toEqual(['error'])
  expect(body.data.error.code, name).toBe(status)
  expect(body.message, name).toBe(body.data.error.message)
  expect(body.message, name).toMatch(/\S/)
}

const validators = new WeakMap<object, Validator>()

/** Fails for a body that its schema does not allow, and for members that it does not name. */
export function expectDeclared(name: string, schema: TSchema, body: unknown): void {
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  expect(validator.Errors(body), `${name} answers what it declares`).toEqual([])
  expect(strayMembers(schema as Wire, body, ''), `${name} answers only what it declares`).toEqual([])
}

function strayMembers(schema: Wire, value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => strayMembers(schema.items ?? {}, item, `${path}[${index}]`))
  }
  if (!schema.properties) {
    const others = schema.additionalProperties
    if (typeof others !== 'object') return others === true ? [] : [path]
    return Object.entries(value).flatMap(([key, member]) => strayMembers(others, member, `${path}.${key}`))
  }
  return Object.entries(value).flatMap(([key, member]) => {
    const declared = schema.properties[key]
    return declared ? strayMembers(declared, member, `${path}.${key}`) : [`${path}.${key}`]
  })
}
