import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTeamChange, useTeamQuery } from '../api.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { When, when } from '../parts/values.js'

interface Clock {
  readonly now: string
  readonly isFrozen: boolean
  readonly targetAt: string | null
  readonly upcoming: readonly { readonly work: string; readonly dueAt: string }[]
}
type Move = { readonly advance: string } | { readonly set: string } | { readonly freeze: boolean }

const LIVE_MS = 2_000
const STEPS = { 'An hour': 'PT1H', 'A day': 'P1D', 'A week': 'P7D', 'A month': 'P1M' } as const

// What each work does, for somebody who has not read the code.
const WORDS: Readonly<Record<string, string>> = {
  'account_verification.send_deposits': 'Micro-deposits leave for the bank account',
  'connections.expire_sessions': 'A link session expires',
  'connections.expire_tokens': 'An unused exchangeable token expires, and its link with it',
  'connections.refresh': 'A connection is refreshed from its institution',
  'payments.move': 'Payments move on: pulls, pushes, settlements, returns',
  'payments.move_reversals': 'Reversals move on',
  'payments.read_returns': 'Returns are read from the ACH network',
  'subscriptions.tick': 'Subscriptions make their next record',
  'verification.expire': 'A verification session expires',
}

export function ClockPage() {
  const query = useTeamQuery<Clock>('/clock', { every: LIVE_MS })
  return (
    <Page title="Clock">
      <Async query={query}>{(clock) => <Shown {...clock} />}</Async>
    </Page>
  )
}

function Shown({ now, isFrozen, targetAt, upcoming }: Clock) {
  const moving = useTeamChange<Move>((move) => ({ method: 'POST', path: '/clock', body: move }))
  const [next] = upcoming
  const [until, setUntil] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    moving.mutate({ set: `${until.length === 10 ? `${until}T00:00` : until}:00Z` })
  }
  return (
    <>
      <Panel>
        <Stack>
          <div>
            <div className="clock">
              <time dateTime={now}>{when(now)}</time> <span className="quiet">UTC</span>
            </div>
            <div className="quiet">{isFrozen ? 'It stands still.' : 'It runs.'}</div>
          </div>
          {targetAt !== null && (
            <Alert role="status">
              It is on its way to {when(targetAt)}: everything that is due until then happens on the way.
            </Alert>
          )}
          <Problem error={moving.error} />
          <Group>
            <Button variant="default" loading={moving.isPending} onClick={() => moving.mutate({ freeze: !isFrozen })}>
              {isFrozen ? 'Let it run' : 'Freeze it'}
            </Button>
            {Object.entries(STEPS).map(([name, advance]) => (
              <Button
                key={advance}
                variant="default"
                disabled={moving.isPending}
                onClick={() => moving.mutate({ advance })}
              >
                {name} ahead
              </Button>
            ))}
            {next && (
              <Button
                disabled={moving.isPending}
                onClick={() => moving.mutate(next.dueAt > now ? { set: next.dueAt } : { advance: 'PT1S' })}
              >
                To the next thing due
              </Button>
            )}
          </Group>
          <form className="filters" onSubmit={submit}>
            <TextInput
              type="datetime-local"
              label="Ahead to (UTC)"
              required
              value={until}
              onChange={({ currentTarget }) => setUntil(currentTarget.value)}
            />
            <Button className="natural" type="submit" variant="default" disabled={moving.isPending}>
              Go there
            </Button>
          </form>
          <span className="quiet">A clock never goes back, and other teams notice nothing.</span>
        </Stack>
      </Panel>
      <Panel title="What will happen">
        {upcoming.length === 0 ? (
          <Empty title="Nothing waits for this clock.">
            A payment, a subscription, a session or a connection would.
          </Empty>
        ) : (
          <Rows
            label="What will happen"
            rows={upcoming}
            keyOf={({ work }) => work}
            columns={[
              { name: 'What', show: ({ work }) => WORDS[work] ?? work },
              { name: 'The first of them is due (UTC)', show: ({ dueAt }) => <When at={dueAt} /> },
            ]}
          />
        )}
      </Panel>
    </>
  )
}
