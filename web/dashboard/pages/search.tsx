import { Navigate, useSearch } from '@tanstack/react-router'
import { queryText, useTeamId, useTeamQuery } from '../api.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { placeOf } from '../parts/values.js'
import { type ConsumerLine, consumerColumns } from './consumers.js'

interface Found {
  readonly found: { readonly kind: string; readonly id: string } | null
  readonly people: readonly ConsumerLine[]
}

export function SearchPage() {
  const { q = '' } = useSearch({ strict: false }) as { readonly q?: string }
  const team = useTeamId()
  const query = useTeamQuery<Found>(`/search${queryText({ q })}`, { enabled: q !== '' })
  if (query.data?.found) {
    return <Navigate to={`/t/${team}${placeOf(query.data.found.kind, query.data.found.id)}` as string} replace />
  }
  return (
    <Page title={q === '' ? 'Search' : `Search: ${q}`}>
      <Panel>
        {q === '' ? (
          <Empty title="Search for what?">
            Write an id of any kind, as any of the APIs spells it, or a part of a name.
          </Empty>
        ) : (
          <Async query={query}>
            {({ people }) =>
              people.length === 0 ? (
                <Empty title="Nothing was found.">
                  No id of this team is spelled like that, and nobody’s name has it in it. Is the right team chosen?
                </Empty>
              ) : (
                <Rows label="Consumers" rows={people} columns={consumerColumns} keyOf={({ id }) => id} />
              )
            }
          </Async>
        )}
      </Panel>
    </Page>
  )
}
