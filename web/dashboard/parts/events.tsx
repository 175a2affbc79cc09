/** What happened to a thing, in time; and what one event changed. */
import type { ReactNode } from 'react'
import { Empty, Panel } from './page.js'
import { Facts, IdLink, Status, TeamLink, When } from './values.js'

export interface EventLine {
  readonly id: string
  readonly topic: string
  readonly resource: string
  readonly resourceId: string
  readonly from: string | null
  readonly to: string | null
  readonly createdAt: string
}

/** Newest first. */
export function Timeline({ events }: { readonly events: readonly EventLine[] }) {
  if (events.length === 0) return <Empty title="Nothing was recorded yet." />
  return (
    <ol className="timeline">
      {events.map(({ id, topic, from, to, createdAt }) => (
        <li key={id}>
          <TeamLink to={`/events/${id}`}>{topic}</TeamLink>{' '}
          {to !== null && from !== to && (
            <>
              {from !== null && <span className="quiet">{from.replaceAll('_', ' ')} → </span>}
              <Status state={to} />
            </>
          )}
          <div className="quiet">
            <When at={createdAt} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** What a thing is, beside what happened to it. */
export function Portrait({ title = 'What it is', facts, events }: PortraitProps) {
  return (
    <div className="halves">
      <Panel title={title}>
        <Facts of={facts} />
      </Panel>
      <Panel title="What happened">
        <Timeline events={events} />
      </Panel>
    </div>
  )
}

interface PortraitProps {
  readonly title?: string
  readonly facts: Readonly<Record<string, ReactNode>>
  readonly events: readonly EventLine[]
}

export const eventColumns = [
  { name: 'Event', show: ({ id, topic }: EventLine) => <TeamLink to={`/events/${id}`}>{topic}</TeamLink> },
  { name: 'Of', show: ({ resource, resourceId }: EventLine) => <IdLink kind={resource} id={resourceId} /> },
  {
    name: 'State',
    show: ({ from, to }: EventLine) =>
      to !== null && from !== to ? <Status state={to} /> : <span className="quiet">–</span>,
  },
  { name: 'When (UTC)', show: ({ createdAt }: EventLine) => <When at={createdAt} /> },
]

interface Difference {
  readonly member: string
  readonly was: string | null
  readonly is: string | null
}

/** Members that differ, by their path, deep ones too. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [was, is] = [flat(before), flat(after)]
  const members = [...new Set([...was.keys(), ...is.keys()])]
  return members
    .filter((member) => was.get(member) !== is.get(member))
    .map((member) => ({ member, was: was.get(member) ?? null, is: is.get(member) ?? null }))
}

function flat(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) {
    if (path !== '') into.set(path, JSON.stringify(value) ?? '')
    return into
  }
  const entries = Object.entries(value)
  if (entries.length === 0 && path !== '') into.set(path, Array.isArray(value) ? '[]' : '{}')
  for (const [name, inner] of entries) flat(inner, path === '' ? name : `${path}.${name}`, into)
  return into
}

export function Diff({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const rows = differences(before, after)
  if (rows.length === 0) return <Empty title="Nothing that is shown has changed.">What changed is masked here.</Empty>
  return (
    <table className="diff" aria-label="What changed">
      <thead>
        <tr>
          <th scope="col">member</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ member, was, is }) => (
          <tr key={member}>
            <td>{member}</td>
            <td className={was === null ? '' : 'was'}>{was ?? ''}</td>
            <td className={is === null ? '' : 'is'}>{is ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
