import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type ChangeEvent, type FormEvent, useState } from 'react'
import { useTeamChange, useTeamId, useTeamQuery } from '../api.js'
import { Shares } from '../parts/charts.js'
import { End } from '../parts/end.js'
import { FollowSwitch } from '../parts/following.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Facts, IdLink, Json, Spellings, Status, TeamLink, When } from '../parts/values.js'

interface WebhookLine {
  readonly id: string
  readonly face: string
  readonly wireType: string
  readonly wireVersion: string
  readonly origin: string
  readonly status: string
  readonly statusReason: string | null
  readonly resourceId: string | null
  readonly createdAt: string
  readonly recent: Readonly<Record<string, number>>
}

export function WebhooksPage() {
  const query = useTeamQuery<{ readonly items: readonly WebhookLine[] }>('/webhooks', { follows: ['deliveries'] })
  return (
    <Page title="Webhooks" actions={<FollowSwitch />}>
      <NewWebhook />
      <Panel>
        <Async query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No webhooks.">
                Make one above or by <code>POST /method/webhooks</code>, or let <code>npx clearspan listen</code> print
                what is told.
              </Empty>
            ) : (
              <Rows
                label="Webhooks"
                rows={items}
                keyOf={({ id }) => id}
                columns={[
                  { name: 'Type', show: ({ id, wireType }) => <TeamLink to={`/webhooks/${id}`}>{wireType}</TeamLink> },
                  { name: 'To', show: ({ origin }) => origin },
                  { name: 'Status', show: ({ status }) => <Status state={status} /> },
                  {
                    name: 'Newest deliveries',
                    show: ({ recent }) =>
                      Object.keys(recent).length === 0 ? (
                        <span className="quiet">none</span>
                      ) : (
                        Object.entries(recent)
                          .map(([state, count]) => `${count} ${state}`)
                          .join(', ')
                      ),
                  },
                ]}
              />
            )
          }
        </Async>
      </Panel>
    </Page>
  )
}

/** Those of Method; what a MoneyKit connection tells comes with its session. */
function NewWebhook() {
  const types = useTeamQuery<{ readonly items: readonly string[] }>('/webhook-types').data?.items ?? []
  const [draft, setDraft] = useState({ type: '', url: '', hmacSecret: '', authToken: '' })
  const navigate = useNavigate()
  const team = useTeamId()
  const making = useTeamChange<typeof draft, { readonly id: string }>((body) => ({
    method: 'POST',
    path: '/webhooks',
    body,
  }))
  const type = draft.type || (types[0] ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate(
      { ...draft, type },
      { onSuccess: ({ id }) => void navigate({ to: `/t/${team}/webhooks/${id}` as string }) },
    )
  }
  const field = (member: Exclude<keyof typeof draft, 'type'>) => ({
    value: draft[member],
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>) =>
      setDraft({ ...draft, [member]: currentTarget.value }),
  })
  return (
    <Panel title="A new webhook">
      <form className="filters" onSubmit={submit}>
        <NativeSelect
          label="Tell of"
          value={type}
          onChange={({ currentTarget }) => setDraft({ ...draft, type: currentTarget.value })}
          data={[...types]}
        />
        <TextInput label="Address" type="url" required placeholder="http://127.0.0.1:3000/hooks" {...field('url')} />
        <TextInput label="Signing secret (optional)" autoComplete="off" {...field('hmacSecret')} />
        <TextInput label="Auth token (optional)" autoComplete="off" {...field('authToken')} />
        <Button className="natural" type="submit" loading={making.isPending} disabled={type === ''}>
          Make it
        </Button>
      </form>
      <Problem error={making.error} />
    </Panel>
  )
}

interface DeliveryLine {
  readonly id: string
  readonly eventId: string
  readonly resourceId: string
  readonly status: string
  readonly attempts: number
  readonly lastOutcome: string | null
  readonly createdAt: string
}

export function WebhookPage() {
  const { id = '' } = useParams({ strict: false })
  const [status, setStatus] = useState('')
  const query = useTeamQuery<WebhookLine & { readonly ids: Readonly<Record<string, string>> }>(`/webhooks/${id}`, {
    follows: ['deliveries'],
  })
  const resending = useTeamChange<string, { readonly resent: number }>((which) => ({
    method: 'POST',
    path: `/webhooks/${id}/resend`,
    body: { status: which },
  }))
  const trying = useTeamChange<void, { readonly deliveryId: string }>(() => ({
    method: 'POST',
    path: `/webhooks/${id}/try`,
  }))
  const switching = useTeamChange<boolean>((isOn) => ({
    method: 'POST',
    path: `/webhooks/${id}/switch`,
    body: { isOn },
  }))
  return (
    <Async query={query} isPage>
      {(webhook) => (
        <Page
          title={webhook.wireType}
          actions={
            <Group gap="xs">
              <Button loading={trying.isPending} onClick={() => trying.mutate()}>
                Send the newest event
              </Button>
              <Button variant="default" loading={resending.isPending} onClick={() => resending.mutate('exhausted')}>
                Send again what was given up
              </Button>
              <Button
                variant="default"
                loading={switching.isPending}
                onClick={() => switching.mutate(webhook.status === 'disabled')}
              >
                {webhook.status === 'disabled' ? 'Switch on' : 'Switch off'}
              </Button>
              {webhook.resourceId === null && <Delete id={id} />}
            </Group>
          }
        >
          <Problem error={resending.error ?? trying.error ?? switching.error} />
          {trying.data && (
            <p role="status">
              On its way as delivery <IdLink kind="delivery" id={trying.data.deliveryId} />.
            </p>
          )}
          {resending.data && <p role="status">{resending.data.resent} will be sent again.</p>}
          <Panel>
            <Facts
              of={{
                Ids: <Spellings ids={webhook.ids} />,
                To: webhook.origin,
                Status: <Status state={webhook.status} />,
                Reason: webhook.statusReason?.replaceAll('_', ' '),
                Words: `${webhook.face} ${webhook.wireVersion}`,
                'Only about':
                  webhook.resourceId === null ? 'everything' : <IdLink kind="resource" id={webhook.resourceId} />,
                Made: <When at={webhook.createdAt} />,
              }}
            />
          </Panel>
          <Panel title="Deliveries">
            {Object.keys(webhook.recent).length > 0 && <Shares label="Newest deliveries" counts={webhook.recent} />}
            <Group my="md">
              <NativeSelect
                label="State"
                value={status}
                onChange={({ currentTarget }) => setStatus(currentTarget.value)}
                data={[{ value: '', label: 'Any' }, 'delivered', 'pending', 'exhausted', 'dropped']}
              />
            </Group>
            <Paged<DeliveryLine>
              label="Deliveries"
              path={`/webhooks/${id}/deliveries`}
              filter={{ status }}
              follows={['deliveries']}
              keyOf={(delivery) => delivery.id}
              columns={[
                { name: 'Delivery', show: (delivery) => <IdLink kind="delivery" id={delivery.id} /> },
                { name: 'State', show: (delivery) => <Status state={delivery.status} /> },
                { name: 'Attempts', isNumber: true, show: ({ attempts }) => attempts },
                { name: 'Last answer', show: ({ lastOutcome }) => lastOutcome ?? <span className="quiet">–</span> },
                { name: 'Event', show: ({ eventId }) => <IdLink kind="event" id={eventId} /> },
                { name: 'When (UTC)', show: ({ createdAt }) => <When at={createdAt} /> },
              ]}
              empty={
                <Empty title="No deliveries.">
                  {status === '' ? 'One is made when an event of this type happens.' : 'None is in this state.'}
                </Empty>
              }
            />
          </Panel>
        </Page>
      )}
    </Async>
  )
}

function Delete({ id }: { readonly id: string }) {
  const navigate = useNavigate()
  const team = useTeamId()
  const deleting = useTeamChange<void>(() => ({ method: 'POST', path: `/webhooks/${id}/delete` }))
  return (
    <End
      what="this webhook"
      word="Delete"
      size="sm"
      onEnd={() =>
        deleting.mutate(undefined, { onSuccess: () => void navigate({ to: `/t/${team}/webhooks` as string }) })
      }
    />
  )
}

interface DeliveryShown extends Omit<DeliveryLine, 'attempts'> {
  readonly webhookId: string
  readonly wireType: string
  readonly origin: string
  readonly body: unknown
  readonly attempts: readonly {
    readonly sentAt: string
    readonly tookMs: number
    readonly outcome: string
    readonly responseHead: unknown
    readonly requestHeaders: unknown
  }[]
}

export function DeliveryPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<DeliveryShown>(`/deliveries/${id}`, { follows: ['deliveries'] })
  const resending = useTeamChange<void>(() => ({ method: 'POST', path: `/deliveries/${id}/resend` }))
  return (
    <Async query={query} isPage>
      {(delivery) => (
        <Page
          title={`Delivery of ${delivery.wireType}`}
          actions={
            <Button loading={resending.isPending} onClick={() => resending.mutate()}>
              Send again
            </Button>
          }
        >
          <Problem error={resending.error} />
          <Panel>
            <Facts
              of={{
                State: <Status state={delivery.status} />,
                To: delivery.origin,
                Webhook: <IdLink kind="webhook" id={delivery.webhookId} />,
                Event: <IdLink kind="event" id={delivery.eventId} />,
                Made: <When at={delivery.createdAt} />,
              }}
            />
          </Panel>
          <Panel title="Attempts">
            {delivery.attempts.length === 0 ? (
              <Empty title="Not sent yet." />
            ) : (
              <Rows
                label="Attempts"
                rows={delivery.attempts}
                keyOf={({ sentAt }) => sentAt}
                columns={[
                  { name: 'Sent (UTC)', show: ({ sentAt }) => <When at={sentAt} /> },
                  { name: 'Answer', show: ({ outcome }) => outcome },
                  { name: 'Took', isNumber: true, show: ({ tookMs }) => `${tookMs} ms` },
                  {
                    name: 'What came back',
                    show: ({ responseHead }) => <span className="mono">{String(responseHead ?? '')}</span>,
                  },
                ]}
              />
            )}
          </Panel>
          <div className="halves">
            <Panel title="Body">
              <Json value={delivery.body} />
            </Panel>
            {delivery.attempts.length > 0 && (
              <Panel title="Headers of the last attempt">
                <Json value={delivery.attempts.at(-1)?.requestHeaders} />
              </Panel>
            )}
          </div>
        </Page>
      )}
    </Async>
  )
}
