import { Button, Center, Group, Loader, Paper, Stack, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api.js'
import { Async, Problem } from '../parts/page.js'
import { chosenTeam, type TeamRow, useTeams } from '../shell.js'

/** Leads on to the team that was chosen last. */
export function TeamsPage() {
  const teams = useTeams()
  if (teams.isPending) {
    return (
      <Center component="main" mih="100vh">
        <Loader aria-label="Loading" />
      </Center>
    )
  }
  return (
    <Async query={teams}>
      {({ items }) => {
        const team = chosenTeam(items)
        return team ? <Navigate to={`/t/${team.id}/overview` as string} replace /> : <FirstTeam />
      }}
    </Async>
  )
}

function FirstTeam() {
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" radius="lg" className="sign-in">
        <Stack>
          <Title order={1} size="h2">
            There is no team yet
          </Title>
          <p className="quiet">
            Everything belongs to a team. Make one for development here; others are made on the server.
          </p>
          <NewTeam />
        </Stack>
      </Paper>
    </Center>
  )
}

export function NewTeam() {
  const [name, setName] = useState('')
  const client = useQueryClient()
  const navigate = useNavigate()
  const making = useMutation({
    mutationFn: () => call<TeamRow>('POST', '/teams', { name }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['teams'] })
      await navigate({ to: `/t/${id}/keys` as string })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Group align="end">
        <TextInput
          label="Name of the team"
          required
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" loading={making.isPending}>
          Make a team
        </Button>
      </Group>
      <Problem error={making.error} />
    </form>
  )
}
