/** How single values look: ids, times, money, states, JSON. */
import { ActionIcon, CopyButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { LINES, LineIcon } from '../../line-icon.js'
import { useTeamId } from '../api.js'

const MONEY = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const WHEN = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

export function money(cents: number): string {
  return MONEY.format(cents / 100)
}

/** In UTC, as everything on the server. */
export function when(at: string): string {
  return WHEN.format(new Date(at))
}

export function When({ at }: { readonly at: string | null }) {
  return at === null ? (
    <span className="quiet">never</span>
  ) : (
    <time dateTime={at} title={`${at} (UTC)`}>
      {when(at)}
    </time>
  )
}

const KINDS: Readonly<Record<string, 'good' | 'bad' | 'wait'>> = {
  active: 'good',
  completed: 'good',
  connected: 'good',
  delivered: 'good',
  posted: 'good',
  sent: 'good',
  settled: 'good',
  verified: 'good',
  canceled: 'bad',
  disabled: 'bad',
  error: 'bad',
  exhausted: 'bad',
  failed: 'bad',
  reversed: 'bad',
  closed: 'bad',
  revoked: 'bad',
  pending: 'wait',
  processing: 'wait',
  in_progress: 'wait',
  incomplete: 'wait',
  requires_attention: 'wait',
  pending_consent: 'wait',
}

export function kindOf(state: string): 'good' | 'bad' | 'wait' | 'off' {
  return KINDS[state] ?? 'off'
}

export function Status({ state }: { readonly state: string }) {
  return (
    <span className="status" data-kind={kindOf(state)}>
      <i />
      {state.replaceAll('_', ' ')}
    </span>
  )
}

export function HttpStatus({ status }: { readonly status: number }) {
  const kind = status >= 500 ? 'bad' : status >= 400 ? 'wait' : 'good'
  return (
    <span className="status" data-kind={kind}>
      <i />
      {status}
    </span>
  )
}

export function Copy({ text, label = text }: { readonly text: string; readonly label?: string }) {
  return (
    <span className="copy">
      <span className="mono">{label}</span>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            onClick={copy}
            aria-label={copied ? 'Copied' : `Copy ${label}`}
          >
            <Glyph name={copied ? 'check' : 'copy'} />
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  )
}

const GLYPHS = {
  ...LINES,
  copy: 'M9 9h10v11H9zM5 15V4h10',
  sun: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Zm0-5v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.4m11.2 11.2L19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  person: 'M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM4.5 20a7.5 7.5 0 0 1 15 0',
} as const

export function Glyph({ name }: { readonly name: keyof typeof GLYPHS }) {
  return <LineIcon path={GLYPHS[name]} size={16} />
}

export function Json({ value }: { readonly value: unknown }) {
  return (
    // Long ones scroll, which a keyboard can only do where it can be.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <pre className="json" tabIndex={0}>
      {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </pre>
  )
}

export interface LinkProps {
  /** Below the chosen team: `/accounts/x`. */
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
  readonly className?: string
  readonly children: ReactNode
}

/** A link to a page of the chosen team. */
export function TeamLink({ to, search, className, children }: LinkProps) {
  const team = useTeamId()
  return (
    <Link
      to={`/t/${team}${to}` as string}
      {...(search ? { search: search as never } : {})}
      className={className ?? 'link'}
    >
      {children}
    </Link>
  )
}

const PLACES: Readonly<Record<string, string>> = {
  account: 'accounts',
  connection: 'connections',
  consumer: 'consumers',
  delivery: 'deliveries',
  event: 'events',
  payment: 'payments',
  request: 'requests',
  webhook: 'webhooks',
}

export function placeOf(kind: string, id: string): string {
  return `/${PLACES[kind] ?? 'resources'}/${id}`
}

/** The id of something, as a link to it. */
export function IdLink({
  kind,
  id,
  text,
}: {
  readonly kind: string
  readonly id: string | null
  readonly text?: string
}) {
  if (id === null) return <span className="quiet">–</span>
  return (
    <TeamLink to={placeOf(kind, id)}>
      <span className={text === undefined ? 'mono' : ''}>{text ?? id}</span>
    </TeamLink>
  )
}

export function Facts({ of }: { readonly of: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className="facts">
      {Object.entries(of).map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{isNothing(value) ? <span className="quiet">–</span> : value}</dd>
        </div>
      ))}
    </dl>
  )
}

function isNothing(value: ReactNode): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}

/** The ids by which callers know a thing. */
export function Spellings({ ids }: { readonly ids: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(ids).map(([face, id]) => (
        <div key={face}>
          <Copy text={id} /> <span className="quiet">{face}</span>
        </div>
      ))}
    </>
  )
}
