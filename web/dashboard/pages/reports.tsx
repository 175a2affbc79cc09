import { Anchor, Button, NativeSelect } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTeamChange, useTeamId, useTeamQuery } from '../api.js'
import { Empty, Page, Panel, Problem } from '../parts/page.js'
import { Paged } from '../parts/rows.js'
import { Status, When } from '../parts/values.js'

interface ReportLine {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly from: string
  readonly before: string
  readonly createdAt: string
}

const words = (kind: string) => kind.replaceAll('_', ' ')

export function ReportsPage() {
  const team = useTeamId()
  const [kind, setKind] = useState('')
  const kinds = useTeamQuery<{ readonly kinds: readonly string[] }>('/reports').data?.kinds ?? []
  const chosen = kind || (kinds[0] ?? '')
  const making = useTeamChange<void>(() => ({ method: 'POST', path: '/reports', body: { kind: chosen } }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <Page title="Reports">
      <Panel>
        <form className="filters" onSubmit={submit}>
          <NativeSelect
            label="Kind"
            value={chosen}
            onChange={({ currentTarget }) => setKind(currentTarget.value)}
            data={kinds.map((value) => ({ value, label: words(value) }))}
          />
          <Button className="natural" type="submit" disabled={chosen === ''} loading={making.isPending}>
            Make a report
          </Button>
        </form>
        <Problem error={making.error} />
      </Panel>
      <Panel>
        <Paged<ReportLine>
          label="Reports"
          path="/reports"
          follows={['events']}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Report', show: ({ kind: of }) => words(of) },
            { name: 'From (UTC)', show: ({ from }) => <When at={from} /> },
            { name: 'Before (UTC)', show: ({ before }) => <When at={before} /> },
            { name: 'Made (UTC)', show: ({ createdAt }) => <When at={createdAt} /> },
            {
              name: 'Lines',
              show: ({ id, kind: of, status }) =>
                status === 'processing' ? (
                  <Status state={status} />
                ) : (
                  <Anchor
                    href={`/dashboard/api/teams/${team}/reports/${id}/download`}
                    download
                    aria-label={`Download ${words(of)}`}
                  >
                    Download
                  </Anchor>
                ),
            },
          ]}
          empty={<Empty title="No reports.">Make one above; it can be downloaded at once.</Empty>}
        />
      </Panel>
    </Page>
  )
}
