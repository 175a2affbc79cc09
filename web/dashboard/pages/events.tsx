import { Button, Group, TextInput } from '@mantine/core'
import { useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTeamQuery } from '../api.js'
import { Diff, type EventLine, eventColumns } from '../parts/events.js'
import { FollowSwitch } from '../parts/following.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Facts, IdLink, Json, Spellings, Status, TeamLink, When } from '../parts/values.js'

export function EventsPage() {
  const { topic: begun = '' } = useSearch({ strict: false }) as { readonly topic?: string }
  const [topic, setTopic] = useState(begun)
  const [wanted, setWanted] = useState(begun)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWanted(topic.trim())
  }
  return (
    <Page title="Events" actions={<FollowSwitch />}>
      <Panel>
        <form className="filters" onSubmit={submit}>
          <TextInput
            label="Topic"
            placeholder="payment.updated"
            value={topic}
            onChange={({ currentTarget }) => setTopic(currentTarget.value)}
          />
          <Button className="natural" type="submit" variant="default">
            Show
          </Button>
        </form>
      </Panel>
      <Panel>
        <Paged<EventLine>
          label="Events"
          path="/events"
          filter={{ topic: wanted }}
          follows={['events']}
          columns={eventColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No events yet.">
              {wanted === ''
                ? 'An event is recorded whenever something changes: create an entity, for example.'
                : 'No event has this topic.'}
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface EventShown extends EventLine {
  readonly ids: Readonly<Record<string, string>>
  readonly resourceIds: Readonly<Record<string, string>>
  readonly before: unknown
  readonly after: unknown
  readonly deliveries: readonly {
    readonly id: string
    readonly wireType: string
    readonly origin: string
    readonly status: string
  }[]
}

export function EventPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<EventShown>(`/events/${id}`)
  return (
    <Async query={query} isPage>
      {(event) => (
        <Page title={event.topic}>
          <Panel>
            <Facts
              of={{
                Event: <Spellings ids={event.ids} />,
                When: <When at={event.createdAt} />,
                Of: (
                  <Group gap="xs">
                    <IdLink kind={event.resource} id={event.resourceId} text={event.resource.replaceAll('_', ' ')} />
                    <Spellings ids={event.resourceIds} />
                  </Group>
                ),
              }}
            />
          </Panel>
          <Panel title={event.before === null ? 'What was made' : 'What changed'}>
            <Diff before={event.before} after={event.after} />
          </Panel>
          <Panel title="Deliveries">
            {event.deliveries.length === 0 ? (
              <Empty title="Nobody was told.">No webhook subscribes to this event.</Empty>
            ) : (
              <Rows
                label="Deliveries"
                rows={event.deliveries}
                keyOf={(delivery) => delivery.id}
                columns={[
                  {
                    name: 'Type',
                    show: (delivery) => <TeamLink to={`/deliveries/${delivery.id}`}>{delivery.wireType}</TeamLink>,
                  },
                  { name: 'To', show: ({ origin }) => origin },
                  { name: 'State', show: ({ status }) => <Status state={status} /> },
                ]}
              />
            )}
          </Panel>
          <Panel title="Afterwards">
            <Json value={event.after} />
          </Panel>
        </Page>
      )}
    </Async>
  )
}
