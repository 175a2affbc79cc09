/**
 * The hosted page: it takes the token out of the address, asks what the widget shall be like, and renders it over the library
 * of `clients/mx-connect-api`. Contract: mx-connect/widget-config §9, §10.
 */
import '@mxenabled/connect-widget/dist/style.css'
import { ApiProvider, ConnectWidget } from '@mxenabled/connect-widget'
import { Component } from 'react'
import { createRoot } from 'react-dom/client'
import { createConnectApi } from '../../../clients/mx-connect-api/src/index.ts'
import { guardLogos } from './logos.js'
import { messenger } from './messages.js'

const query = new URLSearchParams(window.location.search)
const token = query.get('token') ?? ''
const isDebugged = query.get('debug') === '1'
// Whoever looks over a shoulder, or at a history, finds no token.
window.history.replaceState(null, '', window.location.pathname)
const baseUrl = new URL('.', window.location.href).href.replace(/\/$/, '')

guardLogos(baseUrl)
const root = createRoot(document.getElementById('root'))
start()

async function start() {
  const api = createConnectApi({ baseUrl, token, onError: hear })
  const session = await loadSession()
  if (session === null) return
  const { client_config, language, profiles, user_features, user_guid, session_guid } = session
  document.documentElement.lang = language.locale
  const tell = messenger({ config: client_config, ids: { user_guid, session_guid }, isDebugged })
  leave = () => tell('sessionExpired')
  root.render(
    <Boundary>
      <ApiProvider apiValue={api}>
        <ConnectWidget
          clientConfig={client_config}
          language={language}
          onPostMessage={tell}
          profiles={profiles}
          userFeatures={user_features}
        />
      </ApiProvider>
    </Boundary>,
  )
}

async function loadSession() {
  try {
    const answer = await fetch(`${baseUrl}/connect_session`, { headers: { authorization: `Bearer ${token}` } })
    if (answer.status === 401) return showExpired()
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`)
    return (await answer.json()).connect_session
  } catch {
    root.render(<Trouble />)
    return null
  }
}

let leave = () => {}

function hear(error) {
  if (error.response.status !== 401) return
  showExpired()
  leave()
}

function showExpired() {
  document.body.dataset.step = 'sessionExpired'
  root.render(
    <Panel title="Your session has ended">
      <p>Please go back to the app, and start again from there.</p>
    </Panel>,
  )
  return null
}

/** The widget throws while it renders, on purpose, when something it cannot do without fails. */
class Boundary extends Component {
  state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  render() {
    return this.state.hasFailed ? <Trouble /> : this.props.children
  }
}

function Trouble() {
  document.body.dataset.step = 'failed'
  const again = () => window.location.replace(`${window.location.pathname}?token=${encodeURIComponent(token)}`)
  return (
    <Panel title="Something went wrong">
      <p>Your accounts were not connected. Please try again.</p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </Panel>
  )
}

function Panel({ title, children }) {
  return (
    <main className="panel">
      <h1>{title}</h1>
      {children}
    </main>
  )
}
