/** Charts; each is said in words too. */
import { lazy, Suspense } from 'react'
import type { BarsProps } from './bars.js'
import { kindOf, TeamLink } from './values.js'

// The library of charts is as large as all the rest.
const LazyBars = lazy(() => import('./bars.js'))

export function Bars(props: BarsProps) {
  return (
    <div role="img" aria-label={props.label} className="chart">
      <Suspense>
        <LazyBars {...props} />
      </Suspense>
    </div>
  )
}

interface SharesProps {
  readonly label: string
  readonly counts: Readonly<Record<string, number>>
  /** Where a state's things are listed. */
  readonly to?: string
}

/** How many are in each state: one bar, and the numbers under it. */
export function Shares({ label, counts, to }: SharesProps) {
  const given = Object.entries(counts).filter(([, count]) => count > 0)
  return (
    <>
      <div
        className="stack-bar"
        role="img"
        aria-label={`${label}: ${given.map(([state, count]) => `${count} ${state}`).join(', ')}`}
      >
        {given.map(([state, count]) => (
          <i key={state} className="share" data-kind={kindOf(state)} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="legend">
        {given.map(([state, count]) => (
          <li key={state} className="status" data-kind={kindOf(state)}>
            <i />
            {to === undefined ? (
              <span>
                {count.toLocaleString('en-US')} {state.replaceAll('_', ' ')}
              </span>
            ) : (
              <TeamLink to={to} search={{ status: state }}>
                {count.toLocaleString('en-US')} {state.replaceAll('_', ' ')}
              </TeamLink>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
