/** What every page is made of: its head, panels, and what is shown while something is fetched, fails or is empty. */
import { Alert, Button, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Clearspan console`
  }, [title])
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {actions}
      </div>
      {children}
    </div>
  )
}

export function Panel({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="panel" {...(title === undefined ? {} : { 'aria-label': title })}>
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </section>
  )
}

interface AsyncProps<T> {
  readonly query: UseQueryResult<T>
  /** What is waited for is the whole page. */
  readonly isPage?: boolean
  readonly children: (data: T) => ReactNode
}

export function Async<T>({ query, isPage = false, children }: AsyncProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError) {
    const problem = (
      <Alert color="red" role="alert" title="This did not work">
        <p>{query.error.message}</p>
        <Button variant="default" onClick={() => query.refetch()}>
          Try again
        </Button>
      </Alert>
    )
    return isPage ? <Page title="Not here">{problem}</Page> : problem
  }
  return <Loader aria-label="Loading" size="sm" />
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      <div className="quiet">{children}</div>
    </div>
  )
}

/** The sentence of a change that failed. */
export function Problem({ error }: { readonly error: Error | null }) {
  return error === null ? null : (
    <Alert color="red" role="alert">
      {error.message}
    </Alert>
  )
}
