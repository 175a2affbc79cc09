import { NativeSelect, Switch } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTeamQuery } from '../api.js'
import { FollowSwitch } from '../parts/following.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged } from '../parts/rows.js'
import { Copy, Facts, HttpStatus, Json, TeamLink, When } from '../parts/values.js'

interface RequestLine {
  readonly id: string
  readonly teamId: string
  readonly face: string
  readonly method: string
  readonly path: string
  readonly route: string | null
  readonly version: string | null
  readonly status: number
  readonly tookUs: number
  readonly requestId: string | null
  readonly createdAt: string
}

/** Tells when this server kept only some requests whole. */
function LeftOut() {
  const leftOut = useTeamQuery<{ readonly leftOut: number }>('/requests').data?.leftOut ?? 0
  if (leftOut === 0) return null
  return (
    <p className="quiet">
      Since it started, this server counted {leftOut.toLocaleString('en-US')} requests that it did not keep: there were
      too many at once.
    </p>
  )
}

const took = (micros: number) => `${(micros / 1000).toFixed(1)} ms`

export function RequestsPage() {
  const [face, setFace] = useState('')
  const [method, setMethod] = useState('')
  const [isFailed, setFailed] = useState(false)
  const [isNobodys, setNobodys] = useState(false)
  return (
    <Page title="Requests" actions={<FollowSwitch />}>
      <Panel>
        <div className="filters">
          <NativeSelect
            label="API"
            value={face}
            onChange={({ currentTarget }) => setFace(currentTarget.value)}
            data={[{ value: '', label: 'Any' }, 'method', 'moneykit', 'mx']}
          />
          <NativeSelect
            label="Method"
            value={method}
            onChange={({ currentTarget }) => setMethod(currentTarget.value)}
            data={[{ value: '', label: 'Any' }, 'GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
          />
          <Switch
            label="Only what failed"
            checked={isFailed}
            onChange={({ currentTarget }) => setFailed(currentTarget.checked)}
          />
          <Switch
            label="Without a valid key"
            checked={isNobodys}
            onChange={({ currentTarget }) => setNobodys(currentTarget.checked)}
          />
        </div>
      </Panel>
      <LeftOut />
      <Panel>
        <Paged<RequestLine>
          label="Requests"
          path="/requests"
          filter={{ face, method, failed: isFailed ? 'yes' : '', nobodys: isNobodys ? 'yes' : '' }}
          follows={['requests']}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Request',
              show: ({ id, method: verb, path }) => (
                <TeamLink to={`/requests/${id}`}>
                  <span className="mono">
                    {verb} {path}
                  </span>
                </TeamLink>
              ),
            },
            { name: 'Status', show: ({ status }) => <HttpStatus status={status} /> },
            { name: 'Took', isNumber: true, show: ({ tookUs }) => took(tookUs) },
            { name: 'Version', show: ({ version }) => version ?? <span className="quiet">–</span> },
            { name: 'When (UTC)', show: ({ createdAt }) => <When at={createdAt} /> },
          ]}
          empty={
            <Empty title="No requests.">
              {face || method || isFailed || isNobodys
                ? 'None is like that.'
                : 'What is asked of the APIs appears here a moment later. Nothing is kept where CLEARSPAN_REQUEST_DAYS is 0.'}
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface LoggedRequest extends RequestLine {
  readonly query: unknown
  readonly requestBody: unknown
  readonly responseBody: unknown
}

export function RequestPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<LoggedRequest>(`/requests/${id}`)
  return (
    <Async query={query} isPage>
      {(request) => (
        <Page title={`${request.method} ${request.path}`}>
          <Panel>
            <Facts
              of={{
                Status: <HttpStatus status={request.status} />,
                Took: took(request.tookUs),
                When: <When at={request.createdAt} />,
                API: request.face,
                Version: request.version,
                Route: request.route,
                'Request id': request.requestId === null ? null : <Copy text={request.requestId} />,
                'Valid key': request.teamId === '' ? 'no' : 'yes',
              }}
            />
          </Panel>
          <div className="halves">
            <Panel title="Asked">
              {request.query !== null && <Json value={request.query} />}
              {request.requestBody === null ? <Empty title="No body." /> : <Json value={request.requestBody} />}
            </Panel>
            <Panel title="Answered">
              {request.responseBody === null ? <Empty title="No body." /> : <Json value={request.responseBody} />}
            </Panel>
          </div>
          <p className="quiet">Secrets, numbers and what tells who somebody is were masked before this was kept.</p>
        </Page>
      )}
    </Async>
  )
}
