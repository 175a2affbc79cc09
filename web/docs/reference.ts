/** The API reference: every face of this server, drawn by Scalar from the OpenAPI that the face gives. */

interface Source {
  readonly title: string
  readonly slug: string
  readonly url: string
}

declare const Scalar: { createApiReference(element: string, configuration: object): unknown }

const answer = await fetch('/docs/faces.json')
const sources = (await answer.json()) as readonly Source[]

Scalar.createApiReference('#reference', {
  sources,
  // Nothing is asked of anybody but this server.
  withDefaultFonts: false,
  proxyUrl: '',
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
})

export {}
