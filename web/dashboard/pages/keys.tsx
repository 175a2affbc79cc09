import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTeamChange, useTeamQuery } from '../api.js'
import { End } from '../parts/end.js'
import { Async, Empty, Page, Panel, Problem } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { Copy, Status, When } from '../parts/values.js'

interface Keys {
  readonly keys: readonly {
    readonly id: string
    readonly label: string | null
    readonly prefix: string
    readonly createdAt: string
    readonly revokedAt: string | null
  }[]
  readonly clients: readonly {
    readonly id: string
    readonly app: string
    readonly label: string | null
    readonly createdAt: string
    readonly disabledAt: string | null
  }[]
}

export function KeysPage() {
  const query = useTeamQuery<Keys>('/keys')
  const ending = useTeamChange<string>((path) => ({ method: 'POST', path }))
  return (
    <Page title="API keys">
      <Problem error={ending.error} />
      <Async query={query}>
        {({ keys, clients }) => (
          <>
            <Panel title="Keys of the Method API">
              <Make path="/keys" what="key" />
              {keys.length === 0 ? (
                <Empty title="No keys." />
              ) : (
                <Rows
                  label="Keys"
                  rows={keys}
                  keyOf={({ id }) => id}
                  columns={[
                    { name: 'Begins with', show: ({ prefix }) => <span className="mono">{prefix}…</span> },
                    { name: 'For', show: ({ label }) => label ?? <span className="quiet">–</span> },
                    { name: 'Made (UTC)', show: ({ createdAt }) => <When at={createdAt} /> },
                    {
                      name: 'State',
                      show: ({ revokedAt }) => <Status state={revokedAt === null ? 'active' : 'revoked'} />,
                    },
                    {
                      name: 'End',
                      show: ({ id, prefix, revokedAt }) =>
                        revokedAt === null ? (
                          <End
                            what={`the key ${prefix}…`}
                            word="Revoke"
                            onEnd={() => ending.mutate(`/keys/${id}/revoke`)}
                          />
                        ) : (
                          <When at={revokedAt} />
                        ),
                    },
                  ]}
                />
              )}
            </Panel>
            <Panel title="Clients of the MoneyKit API">
              <Make path="/clients" what="client" />
              {clients.length === 0 ? (
                <Empty title="No clients." />
              ) : (
                <Rows
                  label="Clients"
                  rows={clients}
                  keyOf={({ id }) => id}
                  columns={[
                    { name: 'Client', show: ({ id }) => <Copy text={id} /> },
                    { name: 'For', show: ({ label }) => label ?? <span className="quiet">–</span> },
                    { name: 'Made (UTC)', show: ({ createdAt }) => <When at={createdAt} /> },
                    {
                      name: 'State',
                      show: ({ disabledAt }) => <Status state={disabledAt === null ? 'active' : 'disabled'} />,
                    },
                    {
                      name: 'End',
                      show: ({ id, disabledAt }) =>
                        disabledAt === null ? (
                          <End
                            what={`the client ${id}`}
                            word="Disable"
                            onEnd={() => ending.mutate(`/clients/${id}/disable`)}
                          />
                        ) : (
                          <When at={disabledAt} />
                        ),
                    },
                  ]}
                />
              )}
            </Panel>
          </>
        )}
      </Async>
    </Page>
  )
}

function Make({ path, what }: { readonly path: string; readonly what: string }) {
  const [label, setLabel] = useState('')
  const making = useTeamChange<void, { readonly id: string; readonly secret: string }>(() => ({
    method: 'POST',
    path,
    body: { label },
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <Stack mb="md">
      <form className="filters" onSubmit={submit}>
        <TextInput
          label={`What the ${what} is for`}
          maxLength={100}
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <Button className="natural" type="submit" loading={making.isPending}>
          Make a {what}
        </Button>
      </form>
      <Problem error={making.error} />
      {making.data && (
        <Alert role="status" title="Copy the secret now: it is not shown again" color="indigo">
          <div>
            <Copy text={making.data.secret} />
          </div>
          <div className="quiet">
            {what} {making.data.id}
          </div>
        </Alert>
      )}
    </Stack>
  )
}
