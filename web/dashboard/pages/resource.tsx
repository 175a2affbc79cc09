import { useParams } from '@tanstack/react-router'
import { useTeamQuery } from '../api.js'
import { type EventLine, Timeline } from '../parts/events.js'
import { Async, Page, Panel } from '../parts/page.js'
import { Copy, Facts, Json, Spellings } from '../parts/values.js'

interface Resource {
  readonly id: string
  readonly kind: string
  readonly ids: Readonly<Record<string, string>>
  readonly now: unknown
  readonly events: readonly EventLine[]
}

/** Anything that has no page of its own. */
export function ResourcePage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<Resource>(`/resources/${id}`)
  return (
    <Async query={query} isPage>
      {(resource) => (
        <Page title={resource.kind.replaceAll('_', ' ')}>
          <Panel>
            <Facts
              of={{
                Id:
                  Object.keys(resource.ids).length > 0 ? <Spellings ids={resource.ids} /> : <Copy text={resource.id} />,
              }}
            />
          </Panel>
          <div className="halves">
            <Panel title="What happened">
              <Timeline events={resource.events} />
            </Panel>
            <Panel title="As it is">
              <Json value={resource.now} />
            </Panel>
          </div>
        </Page>
      )}
    </Async>
  )
}
