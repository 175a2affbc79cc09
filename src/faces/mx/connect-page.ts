/**
 * The hosted page with the widget. What the widget is made of is never part of this software: an operator builds it. Without
 * that, the page tells how. Contract: mx-connect/widget-config §1, §9, §10.
 */
import type { FastifyInstance } from 'fastify'
import { forTeam } from '../../core/clock/clock.js'
import { teamById } from '../../core/teams/teams.js'
import { findWidgetSession } from '../../core/widgets/widgets.js'
import type { MxDesk } from './caller.js'
import { readToken } from './tokens.js'

/** What an operator has built; null where it is not there. */
export type WidgetFiles = (name: 'widget.js' | 'widget.css') => Promise<Buffer | null>

const open = { config: { isPublic: true }, schema: { hide: true } } as const
const types = { 'widget.js': 'text/javascript; charset=utf-8', 'widget.css': 'text/css; charset=utf-8' } as const

export function connectPage(app: FastifyInstance, desk: MxDesk): void {
  app.get('/connect', open, async (request, reply) => {
    const { token = '' } = request.query as { readonly token?: string }
    const isBuilt = (await desk.widgetFiles('widget.js')) !== null
    return reply
      .code(isBuilt ? 200 : 501)
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy(await holderOf(desk, token)),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .send(isBuilt ? SHELL : INSTRUCTIONS)
  })

  for (const name of ['widget.js', 'widget.css'] as const) {
    app.get(`/connect/${name}`, open, async (_, reply) => {
      const file = await desk.widgetFiles(name)
      if (!file) return reply.code(404).type('text/plain').send('The widget is not built.')
      return reply
        .headers({ 'content-type': types[name], 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' })
        .send(file)
    })
  }
}

/** Whose pages may hold this one: those that the session names. */
async function holderOf({ base, signer }: MxDesk, token: string): Promise<string | null> {
  const named = await readToken(signer, token)
  if (!named) return null
  try {
    const ctx = await forTeam(base, await teamById(base, named.teamId))
    const { session } = await findWidgetSession(ctx, named.sessionId)
    return typeof session.settings.target_origin === 'string' ? session.settings.target_origin : null
  } catch {
    // A session that is over is told of by the page itself.
    return null
  }
}

function policy(holder: string | null): string {
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    // The widget styles its elements as it goes.
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    `frame-ancestors ${holder ?? "'self'"}`,
  ].join('; ')
}

const STYLE = `html, body { margin: 0; height: 100% } #root { height: 100dvh }
.panel { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 2.5rem 1rem; color: #111827 }
.panel h1 { font-size: 1.5rem; line-height: 1.25 }
.panel button { font: inherit; min-height: 44px; padding: 0 1.25rem; border: 0; border-radius: 8px; background: #1d4ed8; color: #fff }
pre { background: #f3f4f6; padding: 1rem; border-radius: 8px; overflow: auto }`

const page = (body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connect your accounts</title><style>${STYLE}</style>${body}</html>
`

const SHELL = page(`<link rel="stylesheet" href="connect/widget.css"></head>
<body><div id="root"></div><script type="module" src="connect/widget.js"></script></body>`)

const INSTRUCTIONS = page(`</head><body><main class="panel"><h1>The widget is not built</h1>
<p>This server can show MX's connect widget here, but does not come with it: the widget states no licence under which it could.
Everything else of the mx face works.</p>
<p>If you may use the widget, install and bundle it, in the folder of Clearspan:</p>
<pre>cd examples/mx-connect-widget
npm ci --ignore-scripts
npm run build</pre>
<p>A bundle that lies elsewhere is found where <code>CLEARSPAN_MX_WIDGET</code> names its folder.</p></main></body>`)
