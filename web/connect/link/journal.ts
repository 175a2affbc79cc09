/** What the app is told of the way of a person through the screens, and how long they looked at each. */
import type { Launcher, ShownError } from './launcher.js'
import type { Institution, Session } from './wire.js'

export interface SeenScreen {
  readonly tag: string
  readonly name: string
  readonly duration: number
}

export interface Journal {
  event(name: string, properties?: object): void
  screen(name: string): void
  error(error: ShownError): void
  institution(institution: Institution | null): void
  /** In the order in which they were seen, the present one included. */
  seen(): readonly SeenScreen[]
}

export function openJournal(launcher: Launcher, session: Pick<Session, 'session_id' | 'link_type'> | null): Journal {
  let institution: Institution | null = null
  let current: { readonly name: string; readonly since: number } | null = null
  const left: SeenScreen[] = []
  const settle = () => {
    if (!current) return []
    const seconds = Math.round((performance.now() - current.since) / 100) / 10
    return [{ tag: current.name.toLowerCase().replaceAll(' ', '-'), name: current.name, duration: seconds }]
  }
  const event = (name: string, properties: object = {}) => {
    const chosen = institution ? { institution_id: institution.id, institution_name: institution.name } : {}
    const meta = {
      link_type: session?.link_type ?? 'link',
      timestamp: new Date().toISOString(),
      link_session_id: session?.session_id ?? null,
      ...chosen,
    }
    launcher.send('link.event', { name, properties, meta })
  }
  return {
    event,
    screen(name) {
      left.push(...settle())
      current = { name, since: performance.now() }
      event('change_screen', { current_screen_name: name })
    },
    error: (error) => event('error', error),
    institution(chosen) {
      institution = chosen
    },
    seen: () => [...left, ...settle()],
  }
}
