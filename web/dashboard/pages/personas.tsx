import { Button, NativeSelect, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTeamChange, useTeamQuery } from '../api.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { Copy } from '../parts/values.js'

interface Persona {
  readonly phone: string
  readonly firstName: string
  readonly lastName: string
  readonly city: string
  readonly liabilityCount: number
}
interface Personas {
  readonly url: string
  readonly items: readonly Persona[]
}

interface Known {
  readonly phone: string
  readonly who: string
  readonly found: string
  readonly what: string
}

// Of every installation; the guide on personas has the rest.
const DOCUMENTED: readonly Known[] = [
  { phone: '+15121231111', who: 'Kevin Doyle', found: 'by name; asked no questions', what: 'seven open liabilities' },
  {
    phone: '+15121231112',
    who: 'Kevin Doyle',
    found: 'by name and date of birth; three questions',
    what: 'the same liabilities',
  },
  {
    phone: '+15121231113',
    who: 'Kevin Doyle',
    found: 'by name, date of birth and address',
    what: 'the same liabilities',
  },
  {
    phone: '+15121231122',
    who: 'Kevin Doyle',
    found: 'by name; asked no questions',
    what: 'the same, and two vehicles',
  },
  { phone: '+16505551115', who: 'two people', found: 'never', what: 'stays unmatched' },
]
const INVENTED_FIRST = 17_375_550_000

export function PersonasPage() {
  const query = useTeamQuery<Personas>('/personas')
  return (
    <Page title="Personas">
      <p className="quiet">Whom an entity means is decided by its phone number.</p>
      <Panel title="Documented people">
        <Rows
          label="Documented people"
          rows={DOCUMENTED}
          keyOf={({ phone }) => phone}
          columns={[
            { name: 'Phone', show: ({ phone }) => <Copy text={phone} /> },
            { name: 'Who', show: ({ who }) => who },
            { name: 'Found', show: ({ found }) => found },
            { name: 'What there is', show: ({ what }) => what },
          ]}
        />
      </Panel>
      <Async query={query}>
        {({ items, url }) => (
          <>
            <Snippet url={url} own={items} />
            <Panel title="Your own people">
              {items.length === 0 ? (
                <Empty title="None yet.">Make somebody below: a phone number is enough, the rest is invented.</Empty>
              ) : (
                <Rows
                  label="Your own people"
                  rows={items}
                  keyOf={({ phone }) => phone}
                  columns={[
                    { name: 'Phone', show: ({ phone }) => <Copy text={phone} /> },
                    { name: 'Name', show: ({ firstName, lastName }) => `${firstName} ${lastName}` },
                    { name: 'City', show: ({ city }) => city || <span className="quiet">–</span> },
                    { name: 'Debts', isNumber: true, show: ({ liabilityCount }) => liabilityCount },
                  ]}
                />
              )}
            </Panel>
          </>
        )}
      </Async>
      <NewPersona />
    </Page>
  )
}

function Snippet({ url, own }: { readonly url: string; readonly own: readonly Persona[] }) {
  const [phone, setPhone] = useState('+15121231111')
  const [language, setLanguage] = useState<'curl' | 'method-node'>('curl')
  const [invented, setInvented] = useState<string | number>(1)
  const mine = own.find((persona) => persona.phone === phone)
  const name = mine ? { first: mine.firstName, last: mine.lastName } : { first: 'Kevin', last: 'Doyle' }
  const text = language === 'curl' ? curlOf(url, phone, name) : nodeOf(url, phone, name)
  return (
    <Panel title="A call to copy">
      <Stack>
        <div className="filters">
          <NativeSelect
            label="Person"
            value={phone}
            onChange={({ currentTarget }) => setPhone(currentTarget.value)}
            data={[
              ...DOCUMENTED.slice(0, 4).map(({ phone: value, who }) => ({ value, label: `${who} ${value}` })),
              ...own.map(({ phone: value, firstName, lastName }) => ({
                value,
                label: `${firstName} ${lastName} ${value}`,
              })),
              { value: `+${INVENTED_FIRST + Number(invented)}`, label: `invented person no. ${invented}` },
            ]}
          />
          <NumberInput
            label="Invented, 0 to 9999"
            min={0}
            max={9999}
            allowDecimal={false}
            hideControls
            value={invented}
            onChange={(value) => {
              setInvented(value)
              setPhone(`+${INVENTED_FIRST + Number(value)}`)
            }}
          />
          <NativeSelect
            label="In"
            value={language}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value as typeof language)}
            data={['curl', 'method-node']}
          />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which a keyboard can only do where it can be */}
        <pre className="json" tabIndex={0}>
          {text}
        </pre>
        <Copy text={text} label="the call" />
        <span className="quiet">
          Put one of the team’s API keys where it says so; the demo team’s is in the terminal.
        </span>
      </Stack>
    </Panel>
  )
}

interface Name {
  readonly first: string
  readonly last: string
}

// A name may have an apostrophe, which would end the shell's text.
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

function curlOf(url: string, phone: string, { first, last }: Name): string {
  const body = JSON.stringify({ type: 'individual', individual: { first_name: first, last_name: last, phone } })
  return [
    `curl ${url}/method/entities \\`,
    "  -H 'Authorization: Bearer YOUR_KEY' \\",
    "  -H 'Method-Version: 2024-04-04' \\",
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(body)}`,
  ].join('\n')
}

function nodeOf(url: string, phone: string, { first, last }: Name): string {
  return `import { Method } from 'method-node'

const method = new Method({ apiKey: 'YOUR_KEY', env: 'dev', baseURL: ${JSON.stringify(`${url}/method`)} })
const entity = await method.entities.create({
  type: 'individual',
  individual: { first_name: ${JSON.stringify(first)}, last_name: ${JSON.stringify(last)}, phone: ${JSON.stringify(phone)} },
})
console.log(entity.id)`
}

interface Made {
  readonly status: number
  readonly answer: { readonly data?: { readonly error?: { readonly message: string } } }
}

function NewPersona() {
  const [phone, setPhone] = useState('')
  const [firstName, setFirstName] = useState('')
  const [lastName, setLastName] = useState('')
  const [isRecognized, setRecognized] = useState(true)
  const making = useTeamChange<void, Made>(() => ({
    method: 'POST',
    path: '/rehearsals',
    body: {
      method: 'POST',
      face: 'method',
      path: '/simulate/personas',
      body: {
        personas: [
          {
            phone,
            kba_recognized: isRecognized,
            ...(firstName === '' ? {} : { first_name: firstName }),
            ...(lastName === '' ? {} : { last_name: lastName }),
          },
        ],
      },
    },
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  const refusal = making.data?.answer.data?.error?.message
  return (
    <Panel title="Make somebody">
      <form onSubmit={submit}>
        <Stack>
          <div className="filters">
            <TextInput
              label="Phone"
              placeholder="+15125550100"
              required
              value={phone}
              onChange={({ currentTarget }) => setPhone(currentTarget.value)}
            />
            <TextInput
              label="First name"
              value={firstName}
              onChange={({ currentTarget }) => setFirstName(currentTarget.value)}
            />
            <TextInput
              label="Last name"
              value={lastName}
              onChange={({ currentTarget }) => setLastName(currentTarget.value)}
            />
          </div>
          <Switch
            label="Recognised without questions"
            checked={isRecognized}
            onChange={({ currentTarget }) => setRecognized(currentTarget.checked)}
          />
          <div>
            <Button type="submit" loading={making.isPending}>
              Make them
            </Button>
          </div>
          <Problem error={refusal === undefined ? making.error : new Error(refusal)} />
          {making.data && refusal === undefined && <p role="status">They live in the world now.</p>}
        </Stack>
      </form>
    </Panel>
  )
}
