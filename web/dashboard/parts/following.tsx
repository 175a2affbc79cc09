/** Following live: what a page shows is asked for anew whenever the server says that there is something new of it. */
import { Switch } from '@mantine/core'
import { type Query, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { type Newsworthy, newsOf, useTeamId } from '../api.js'

const Choice = createContext({ isFollowing: true, choose: (_: boolean) => {} })
const AGAIN_MS = 5_000

/** Follows the chosen team, for as long as the window is looked at: windows nobody sees hold no connection. */
export function Following({ children }: { readonly children: ReactNode }) {
  const [isFollowing, choose] = useState(true)
  const team = useTeamId()
  const client = useQueryClient()
  useEffect(() => (isFollowing && team !== '' ? follow(client, team) : undefined), [client, team, isFollowing])
  return <Choice value={{ isFollowing, choose }}>{children}</Choice>
}

/** The switch, for the head of a page that follows. */
export function FollowSwitch() {
  const { isFollowing, choose } = useContext(Choice)
  return (
    <Switch label="Follow live" checked={isFollowing} onChange={({ currentTarget }) => choose(currentTarget.checked)} />
  )
}

type Marks = Readonly<Record<Newsworthy, string>>

/** Returns what ends it. */
function follow(client: QueryClient, team: string): () => void {
  let known: Partial<Marks> = {}
  let source: EventSource | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  const ask = (isNews: (kind: Newsworthy) => boolean) => {
    void client.invalidateQueries({
      predicate: (query) => query.queryKey[1] === team && followedBy(query).some(isNews),
    })
  }
  const close = () => {
    clearTimeout(again)
    source?.close()
    source = null
  }
  const open = () => {
    close()
    if (document.hidden) return
    source = newsOf(team)
    source.onmessage = ({ data }) => {
      const marks = JSON.parse(String(data)) as Marks
      const before = known
      known = marks
      ask((kind) => marks[kind] !== before[kind])
    }
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return
      // Refused: whatever is asked for now says why, and where only streams fail, it is at least asked for.
      ask(() => true)
      again = setTimeout(open, AGAIN_MS)
    }
  }
  open()
  document.addEventListener('visibilitychange', open)
  return () => {
    document.removeEventListener('visibilitychange', open)
    close()
  }
}

function followedBy({ meta }: Query): readonly Newsworthy[] {
  return (meta?.follows as readonly Newsworthy[] | undefined) ?? []
}
