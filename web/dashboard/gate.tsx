/** Nobody gets past who is not signed in. A link that is good once lets in whoever opens it. */
import { Alert, Button, Center, Code, Loader, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { enter, readSession } from './api.js'

export function Gate() {
  const link = useLink()
  // Not beside the link: an answer from before it was used would come last.
  const session = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => readSession(signal),
    staleTime: 60_000,
    enabled: !link.isPending,
  })
  if (session.isPending || link.isPending) {
    return (
      <Center component="main" mih="100vh">
        <Loader aria-label="Loading" />
      </Center>
    )
  }
  if (session.data?.isSignedIn) return <Outlet />
  const problem = link.error?.message ?? session.error?.message ?? null
  return <SignIn problem={problem} usesPassword={session.data?.usesPassword ?? false} />
}

/** Uses the link that was opened, if any, and takes it out of the address. */
function useLink() {
  const navigate = useNavigate()
  const [link] = useState(() => (location.pathname.endsWith('/sign-in') ? location.hash.slice(1) : ''))
  const entering = useEntering(() => navigate({ to: '/', replace: true }))
  const { mutate } = entering
  useEffect(() => {
    if (link === '') return
    history.replaceState(null, '', location.pathname)
    mutate({ link })
  }, [link, mutate])
  return { isPending: link !== '' && (entering.isIdle || entering.isPending), error: entering.error }
}

function useEntering(goOn?: () => Promise<void>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: enter,
    onSuccess: async (session) => {
      await client.cancelQueries({ queryKey: ['session'] })
      client.setQueryData(['session'], session)
      await goOn?.()
    },
  })
}

function SignIn({ problem, usesPassword }: { readonly problem: string | null; readonly usesPassword: boolean }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" radius="lg" className="sign-in">
        <Stack>
          <Title order={1} size="h2">
            Clearspan console
          </Title>
          {problem !== null && (
            <Alert color="red" role="alert">
              {problem}
            </Alert>
          )}
          {usesPassword ? <PasswordForm /> : <AskForLink />}
        </Stack>
      </Paper>
    </Center>
  )
}

function AskForLink() {
  return (
    <>
      <Text>
        Open the link that the server printed when it started. It is good once. For another one, run on this machine:
      </Text>
      <Code block>npx clearspan console link</Code>
    </>
  )
}

function PasswordForm() {
  const [password, setPassword] = useState('')
  const entering = useEntering()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    entering.mutate({ password })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={entering.error?.message}
        />
        <Button type="submit" loading={entering.isPending}>
          Sign in
        </Button>
        <Text size="sm" className="quiet">
          Set the password on the server with <Code>npx clearspan console password</Code>.
        </Text>
      </Stack>
    </form>
  )
}
