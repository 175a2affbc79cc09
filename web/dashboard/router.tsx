import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { Gate } from './gate.js'
import { AccountPage, AccountsPage } from './pages/accounts.js'
import { ClockPage } from './pages/clock.js'
import { ConnectionPage, ConnectionsPage } from './pages/connections.js'
import { ConsumerPage, ConsumersPage } from './pages/consumers.js'
import { EventPage, EventsPage } from './pages/events.js'
import { KeysPage } from './pages/keys.js'
import { OverviewPage } from './pages/overview.js'
import { PaymentPage, PaymentsPage } from './pages/payments.js'
import { PersonasPage } from './pages/personas.js'
import { ReportsPage } from './pages/reports.js'
import { RequestPage, RequestsPage } from './pages/requests.js'
import { ResourcePage } from './pages/resource.js'
import { SearchPage } from './pages/search.js'
import { SessionsPage } from './pages/sessions.js'
import { SimulatePage } from './pages/simulate.js'
import { TeamsPage } from './pages/teams.js'
import { DeliveryPage, WebhookPage, WebhooksPage } from './pages/webhooks.js'
import { Shell } from './shell.js'

function Nowhere() {
  return (
    <main className="nowhere">
      <h1>There is nothing here</h1>
      <a href="/dashboard">To the console</a>
    </main>
  )
}

const root = createRootRoute({ component: Gate, notFoundComponent: Nowhere })
const team = createRoute({ getParentRoute: () => root, path: '/t/$team', component: Shell })

const pages = {
  '/overview': OverviewPage,
  '/consumers': ConsumersPage,
  '/consumers/$id': ConsumerPage,
  '/accounts': AccountsPage,
  '/accounts/$id': AccountPage,
  '/connections': ConnectionsPage,
  '/connections/$id': ConnectionPage,
  '/payments': PaymentsPage,
  '/payments/$id': PaymentPage,
  '/events': EventsPage,
  '/events/$id': EventPage,
  '/resources/$id': ResourcePage,
  '/requests': RequestsPage,
  '/requests/$id': RequestPage,
  '/webhooks': WebhooksPage,
  '/webhooks/$id': WebhookPage,
  '/deliveries/$id': DeliveryPage,
  '/clock': ClockPage,
  '/simulate': SimulatePage,
  '/personas': PersonasPage,
  '/keys': KeysPage,
  '/reports': ReportsPage,
  '/search': SearchPage,
} as const

const children = Object.entries(pages).map(([path, component]) =>
  createRoute({
    getParentRoute: () => team,
    path,
    component,
    validateSearch: (search: Record<string, unknown>): Record<string, string | undefined> =>
      Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)])),
  }),
)
const toOverview = createRoute({
  getParentRoute: () => team,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ href: `/t/${params.team}/overview` })
  },
})

export const router = createRouter({
  routeTree: root.addChildren([
    createRoute({ getParentRoute: () => root, path: '/', component: TeamsPage }),
    createRoute({ getParentRoute: () => root, path: '/sign-in', component: TeamsPage }),
    createRoute({ getParentRoute: () => root, path: '/sessions', component: SessionsPage }),
    team.addChildren([toOverview, ...children]),
  ]),
  basepath: '/dashboard',
  defaultPreload: false,
  scrollRestoration: true,
  // Values stay the text that they are.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][])}`
  },
})
