import { Button, JsonInput, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { queryText, useTeamChange, useTeamQuery } from '../api.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { exampleOf } from '../parts/schema.js'
import { HttpStatus, Json } from '../parts/values.js'

interface Rehearsal {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly schema: unknown
}

export function SimulatePage() {
  const query = useTeamQuery<{ readonly items: readonly Rehearsal[] }>('/rehearsals')
  return (
    <Page title="Simulate">
      <p className="quiet">
        What would take weeks can be brought about. It happens in the world, stays there, and shows in everything that
        looks at it afterwards.
      </p>
      <Async query={query}>{({ items }) => <Rehearse rehearsals={items} />}</Async>
      <Faults />
    </Page>
  )
}

/** What a page that leads here already knows: an operation, and ids for its places. */
type Begun = Readonly<Record<string, string | undefined>>

const nameOf = ({ method, path }: Rehearsal) => `${method} ${path}`

function Rehearse({ rehearsals }: { readonly rehearsals: readonly Rehearsal[] }) {
  const { path: begun = '' } = useSearch({ strict: false }) as Begun
  const [name, setName] = useState(() => {
    const found = rehearsals.find(({ path }) => path === begun) ?? rehearsals[0]
    return found ? nameOf(found) : ''
  })
  const chosen = rehearsals.find((each) => nameOf(each) === name)
  return (
    <Panel title="Bring something about">
      <Stack>
        <NativeSelect
          label="What"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data={rehearsals.map((each) => ({ value: nameOf(each), label: `${each.summary} (${nameOf(each)})` }))}
        />
        {chosen && <Form key={name} rehearsal={chosen} />}
      </Stack>
    </Panel>
  )
}

function Form({ rehearsal }: { readonly rehearsal: Rehearsal }) {
  const places = [...rehearsal.path.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place)
  const begun = useSearch({ strict: false }) as Begun
  const [values, setValues] = useState<Begun>(begun)
  const [body, setBody] = useState(() => JSON.stringify(exampleOf(rehearsal.schema), null, 2))
  const [flaw, setFlaw] = useState<string | null>(null)
  const running = useTeamChange<unknown, { readonly status: number; readonly answer: unknown }>((asked) => ({
    method: 'POST',
    path: '/rehearsals',
    body: asked,
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const path = rehearsal.path.replaceAll(/\{(\w+)\}/g, (_, place: string) => (values[place] ?? '').trim())
    try {
      const parsed = rehearsal.schema === null ? undefined : JSON.parse(body)
      setFlaw(null)
      running.mutate({ method: rehearsal.method, path, body: parsed })
    } catch {
      setFlaw('This is not valid JSON.')
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {places.map((place) => (
          <TextInput
            key={place}
            label={place}
            required
            value={values[place] ?? ''}
            onChange={({ currentTarget }) => setValues({ ...values, [place]: currentTarget.value })}
          />
        ))}
        {rehearsal.schema !== null && (
          <JsonInput
            label="Body"
            autosize
            minRows={3}
            maxRows={20}
            formatOnBlur
            value={body}
            onChange={setBody}
            error={flaw}
          />
        )}
        <div>
          <Button type="submit" loading={running.isPending}>
            Bring it about
          </Button>
        </div>
        <Problem error={running.error} />
        {running.data && (
          <div role="status">
            <HttpStatus status={running.data.status} />
            <Json value={running.data.answer} />
          </div>
        )}
      </Stack>
    </form>
  )
}

interface Institutions {
  readonly items: readonly { readonly slug: string; readonly name: string; readonly isTest: boolean }[]
  readonly faults: readonly string[]
}

const WAIT_MS = 250

/** Institutions that fail for all of the team, until they are told otherwise. */
function Faults() {
  const [name, setName] = useState('')
  const [wanted] = useDebouncedValue(name.trim(), WAIT_MS)
  const [institution, setInstitution] = useState('')
  const [fault, setFault] = useState('')
  const query = useTeamQuery<Institutions>(`/institutions${queryText({ q: wanted })}`)
  const setting = useTeamChange<unknown, { readonly institution: string; readonly fault: string | null }>((body) => ({
    method: 'POST',
    path: '/faults',
    body,
  }))
  const items = query.data?.items ?? []
  const chosen = items.some(({ slug }) => slug === institution) ? institution : (items[0]?.slug ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setting.mutate({ institution: chosen, fault: fault === '' ? null : fault })
  }
  return (
    <Panel title="Let an institution fail">
      <Async query={query}>
        {({ faults }) => (
          <form onSubmit={submit}>
            <div className="filters">
              <TextInput
                label="Find by name"
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <NativeSelect
                label="Institution"
                value={chosen}
                onChange={({ currentTarget }) => setInstitution(currentTarget.value)}
                data={items.map(({ slug, name: label }) => ({ value: slug, label }))}
              />
              <NativeSelect
                label="How logins there end"
                value={fault}
                onChange={({ currentTarget }) => setFault(currentTarget.value)}
                data={[
                  { value: '', label: 'as they should' },
                  ...faults.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
                ]}
              />
              <Button className="natural" type="submit" disabled={chosen === ''} loading={setting.isPending}>
                Settle it
              </Button>
            </div>
            {items.length === 0 && <Empty title="No institution has this name." />}
            <Problem error={setting.error} />
            {setting.data && (
              <p role="status">
                {setting.data.institution}: logins end{' '}
                {setting.data.fault === null ? 'as they should' : `with ${setting.data.fault.replaceAll('_', ' ')}`}.
              </p>
            )}
          </form>
        )}
      </Async>
    </Panel>
  )
}
