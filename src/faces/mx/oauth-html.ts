import { createHash } from 'node:crypto'
import type { BackAgain } from './oauth-pages.js'

interface Page {
  readonly text: string
  readonly policy: string
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f3f4f6; color: #111827 }
main { max-width: 22rem; margin: 0 auto; padding: 2rem 1rem }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .5rem }
form { background: #fff; border: 1px solid #d1d5db; border-radius: 12px; padding: 1rem; margin-top: 1rem }
label { display: block; font-weight: 600; margin-top: .75rem }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; border: 1px solid #6b7280; border-radius: 8px }
button { font: inherit; width: 100%; min-height: 44px; margin-top: .6rem; border-radius: 8px; border: 1px solid #6b7280;
  background: #fff; color: #111827; cursor: pointer }
button.main { background: #1d4ed8; border-color: #1d4ed8; color: #fff; font-weight: 600 }
button:focus-visible, input:focus-visible { outline: 3px solid #93c5fd; outline-offset: 1px }
fieldset { border: 0; padding: 0; margin: 1rem 0 0 }
legend { font-weight: 600; padding: 0 }`

const OUTCOMES = [
  ['cancel', 'Cancel'],
  ['wrong_login', 'Wrong login'],
  ['needs_attention', 'Needs attention'],
  ['bank_error', 'Bank error'],
  ['server_error', 'Server error'],
  ['session_error', 'Session error'],
] as const

/** The page of an institution, played. */
export function bankPage(wish: {
  readonly state: string
  readonly isApproved: boolean
  readonly delayMs: number
}): Page {
  const state = asText(wish.state)
  const script = wish.isApproved
    ? `setTimeout(() => document.querySelector('button.main').click(), ${wish.delayMs})`
    : ''
  return page({
    title: 'Log in to your bank',
    script,
    // No form-action: a browser holds it against the address that the answer leads to as well.
    body: `<h1>Log in to your bank</h1>
<p>This page plays the bank. User name and password do here what they do at any simulated institution.</p>
<form method="post" action="authorize">
  <input type="hidden" name="state" value="${state}">
  <label for="username">Username</label><input id="username" name="username" autocomplete="off" value="mxuser">
  <label for="password">Password</label><input id="password" name="password" type="password" autocomplete="off">
  <button class="main" name="outcome" value="approve">Approve</button>
  <fieldset><legend>Or something else happens</legend>
  ${OUTCOMES.map(([value, label]) => `<button name="outcome" value="${value}">${label}</button>`).join('\n  ')}
  </fieldset>
</form>`,
  })
}

/** Where a user comes back to; it tells the page that opened it, and closes. */
export function backPage(outcome: BackAgain, origin: string): Page {
  const isGood = outcome.type === 'mx/oauthComplete/success'
  const message = JSON.stringify({ mx: true, ...outcome }).replaceAll('<', '\\u003c')
  return page({
    title: 'You can return to the app',
    script: `if (window.opener) window.opener.postMessage(${message}, ${JSON.stringify(origin)})
setTimeout(() => window.close(), 1000)`,
    body: `<h1>You can return to the app</h1>
<p>${isGood ? 'You are logged in.' : 'You were not logged in.'} You can close this window.</p>`,
  })
}

export function sorryPage(): Page {
  return page({
    title: 'This link is over',
    script: '',
    body: '<h1>This link is over</h1><p>It was used already, or its time is over. Please go back to the app and try again.</p>',
  })
}

function page({
  title,
  body,
  script,
}: {
  readonly title: string
  readonly body: string
  readonly script: string
}): Page {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return {
    policy: `default-src 'none'; style-src ${hash(STYLE)}; script-src ${script === '' ? "'none'" : hash(script)}; frame-ancestors 'none'; base-uri 'none'`,
    text: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head>
<body><main>${body}</main>${script === '' ? '' : `<script>${script}</script>`}</body></html>
`,
  }
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
