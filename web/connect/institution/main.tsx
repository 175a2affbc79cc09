/** The page that plays an institution: a person signs in, allows or declines, and is led back. */
import './institution.css'
import { createRoot } from 'react-dom/client'
import { Institution } from './Institution.js'
import { openVisit } from './visit.js'

// A rehearsal can have the page done with, after so long, without a click.
const { pathname, search } = window.location
const wish = new URLSearchParams(search)
const delayMs = Math.min(Math.max(Number(wish.get('delay_ms') ?? 0) || 0, 0), 60_000)

document.documentElement.dataset.scheme = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

createRoot(document.getElementById('root') as HTMLElement).render(
  <Institution visit={openVisit(pathname)} approvesAfterMs={wish.get('auto') === 'approve' ? delayMs : null} />,
)
