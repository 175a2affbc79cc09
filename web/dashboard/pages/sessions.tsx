import { Anchor, Button, Container, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api.js'
import { Async, Page, Panel, Problem } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { When } from '../parts/values.js'
import { NewTeam } from './teams.js'

interface SessionRow {
  readonly id: string
  readonly agent: string
  readonly createdAt: string
  readonly seenAt: string
  readonly expiresAt: string
}

export function SessionsPage() {
  const client = useQueryClient()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => call<{ readonly current: string; readonly items: readonly SessionRow[] }>('GET', '/sessions'),
  })
  const ending = useMutation({
    mutationFn: (path: string) => call('DELETE', path, {}),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['session'] })
      await client.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <Container component="main" size="lg" py="lg">
      <Page
        title="Sessions"
        actions={
          <Group>
            <Anchor component={Link} to="/">
              Back to the team
            </Anchor>
            <Button variant="default" onClick={() => ending.mutate('/session')}>
              Sign out
            </Button>
            <Button variant="default" onClick={() => ending.mutate('/sessions')}>
              Sign everybody out
            </Button>
          </Group>
        }
      >
        <Problem error={ending.error} />
        <Panel title="Who is signed in">
          <Async query={sessions}>
            {({ items, current }) => (
              <Rows
                label="Sessions"
                rows={items}
                keyOf={({ id }) => id}
                columns={[
                  { name: 'Browser', show: ({ agent }) => agent || 'unknown' },
                  { name: 'Signed in', show: ({ createdAt }) => <When at={createdAt} /> },
                  { name: 'Last seen', show: ({ seenAt }) => <When at={seenAt} /> },
                  {
                    name: 'End',
                    show: ({ id }) =>
                      id === current ? (
                        'this one'
                      ) : (
                        <Button size="compact-sm" variant="default" onClick={() => ending.mutate(`/sessions/${id}`)}>
                          Sign out
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Async>
        </Panel>
        <Panel title="Another team">
          <NewTeam />
        </Panel>
      </Page>
    </Container>
  )
}
