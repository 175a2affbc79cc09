import { createTheme, MantineProvider } from '@mantine/core'
import '@mantine/core/styles.css'
import './dashboard.css'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { Unreached } from './api.js'
import { router } from './router.js'

const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? ''

// Indigo 7 keeps 4.5:1 on both backgrounds.
const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
})

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Signed out elsewhere, or too long away: the page asks to sign in again.
    onError: (error) => {
      if (error instanceof Unreached && error.status === 401) void client.invalidateQueries({ queryKey: ['session'] })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => !(error instanceof Unreached && error.status < 500) && failures < 2,
    },
  },
})

createRoot(document.querySelector('#root') as HTMLElement).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
)
