import { Button, JsonInput, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { queryText, useTeamChange, useTeamQuery } from '../api.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { exampleOf } from '../parts/schema.js'
import { HttpStatus, Json } from '../parts/values.js'

interface Rehearsal {
  readonly face: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly schema: unknown
}

interface Rehearsals {
  readonly items: readonly Rehearsal[]
  readonly apps: readonly string[]
}

export function SimulatePage() {
  const query = useTeamQuery<Rehearsals>('/rehearsals')
  return (
    <Page title="Simulate">
      <p className="quiet">
        What would take weeks can be brought about. It happens in the world, stays there, and shows in everything that
        looks at it afterwards.
      </p>
      <Async query={query}>{({ items, apps }) => <Rehearse rehearsals={items} apps={apps} />}</Async>
      <Faults />
    </Page>
  )
}

/** What a page that leads here already knows: an operation, and ids for its places. */
type Begun = Readonly<Record<string, string | undefined>>

const nameOf = ({ face, method, path }: Rehearsal) => `${method} /${face}${path}`

function Rehearse({
  rehearsals,
  apps,
}: {
  readonly rehearsals: readonly Rehearsal[]
  readonly apps: readonly string[]
}) {
  const { path: begun = '' } = useSearch({ strict: false }) as Begun
  const [name, setName] = useState(() => {
    const found = rehearsals.find(({ face, path }) => `/${face}${path}` === begun) ?? rehearsals[0]
    return found ? nameOf(found) : ''
  })
  const faces = [...new Set(rehearsals.map(({ face }) => face))]
  const chosen = rehearsals.find((each) => nameOf(each) === name)
  return (
    <Panel title="Bring something about">
      <Stack>
        <NativeSelect
          label="What"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data={faces.map((face) => ({
            group: face,
            items: rehearsals
              .filter((each) => each.face === face)
              .map((each) => ({ value: nameOf(each), label: `${each.summary} (${nameOf(each)})` })),
          }))}
        />
        {chosen && <Form key={name} rehearsal={chosen} apps={apps} />}
      </Stack>
    </Panel>
  )
}

// The face whose clients see only what their own app has made.
const TELLS_APPS_APART = 'moneykit'

function Form({ rehearsal, apps }: { readonly rehearsal: Rehearsal; readonly apps: readonly string[] }) {
  const places = [...rehearsal.path.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place)
  const begun = useSearch({ strict: false }) as Begun
  const [values, setValues] = useState<Begun>(begun)
  const isOfApp = rehearsal.face === TELLS_APPS_APART && apps.length > 0
  const [app, setApp] = useState(() => apps.find((each) => each === begun.app) ?? apps[0] ?? '')
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
      const { face, method } = rehearsal
      running.mutate({ face, method, path, body: parsed, ...(isOfApp ? { app } : {}) })
    } catch {
      setFlaw('This is not valid JSON.')
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {isOfApp && apps.length > 1 && (
          <NativeSelect
            label="As the app"
            value={app}
            onChange={({ currentTarget }) => setApp(currentTarget.value)}
            data={[...apps]}
          />
        )}
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
