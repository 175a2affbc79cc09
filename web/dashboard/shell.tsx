/** The frame of every page of a team: which team, where to go, and a field that finds anything by its id. */
import {
  ActionIcon,
  AppShell,
  Burger,
  NativeSelect,
  TextInput,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { call, useTeamId } from './api.js'
import { Following } from './parts/following.js'
import { Glyph } from './parts/values.js'

export interface TeamRow {
  readonly id: string
  readonly name: string
  readonly environment: string
}

export function useTeams() {
  return useQuery({
    queryKey: ['teams'],
    queryFn: () => call<{ readonly items: readonly TeamRow[] }>('GET', '/teams'),
    staleTime: 10_000,
  })
}

const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'What happens': {
    '/overview': 'Overview',
    '/requests': 'Requests',
    '/events': 'Events',
    '/webhooks': 'Webhooks',
  },
  'What there is': {
    '/consumers': 'Consumers',
    '/accounts': 'Accounts',
    '/connections': 'Connections',
    '/payments': 'Payments',
    '/reports': 'Reports',
  },
  'What to drive': {
    '/clock': 'Clock',
    '/simulate': 'Simulate',
    '/personas': 'Personas',
    '/keys': 'API keys',
  },
}

const CHOSEN = 'clearspan-team'

export function chosenTeam(teams: readonly TeamRow[]): TeamRow | undefined {
  const chosen = localStorage.getItem(CHOSEN)
  return teams.find(({ id }) => id === chosen) ?? teams.find(({ name }) => name === 'demo') ?? teams[0]
}

export function Shell() {
  const team = useTeamId()
  const [isOpen, { toggle, close }] = useDisclosure(false)
  useEffect(() => localStorage.setItem(CHOSEN, team), [team])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <a className="skip" href="#content">
          To the content
        </a>
        <div className="header">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={isOpen} />
          <Link to={`/t/${team}/overview` as string} className="brand wide-only">
            Clearspan
          </Link>
          <div className="wide-only">
            <TeamSelect team={team} />
          </div>
          <Search team={team} />
          <span className="spacer wide-only" />
          <SchemeSwitch />
          <ActionIcon
            component={Link}
            to="/sessions"
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Sessions and signing out"
          >
            <Glyph name="person" />
          </ActionIcon>
        </div>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages" className="nav">
        <div className="phone-only">
          <TeamSelect team={team} />
        </div>
        {Object.entries(PARTS).map(([part, links]) => (
          <div key={part}>
            <div className="nav-part">{part}</div>
            {Object.entries(links).map(([to, name]) => (
              <Link
                key={to}
                to={`/t/${team}${to}` as string}
                className="nav-link"
                onClick={close}
                activeOptions={{ exact: false, includeSearch: false }}
              >
                {name}
              </Link>
            ))}
          </div>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Following>
          <Outlet />
        </Following>
      </AppShell.Main>
    </AppShell>
  )
}

function TeamSelect({ team }: { readonly team: string }) {
  const teams = useTeams().data?.items ?? []
  const navigate = useNavigate()
  return (
    <NativeSelect
      className="teams-select"
      aria-label="Team"
      value={team}
      onChange={({ currentTarget }) => void navigate({ to: `/t/${currentTarget.value}/overview` as string })}
      data={teams.map(({ id, name, environment }) => ({ value: id, label: `${name} (${environment})` }))}
    />
  )
}

function Search({ team }: { readonly team: string }) {
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    void navigate({ to: `/t/${team}/search` as string, search: { q: text.trim() } as never })
    setText('')
  }
  return (
    <search>
      <form onSubmit={submit}>
        <TextInput
          ref={field}
          aria-label="Search by any id, or by name"
          placeholder="Any id, or a name ( / )"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          leftSection={<Glyph name="search" />}
        />
      </form>
    </search>
  )
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      onClick={() => setColorScheme(other)}
      aria-label={`Use ${other} colours`}
    >
      <Glyph name="sun" />
    </ActionIcon>
  )
}
