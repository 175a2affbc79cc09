/** What every screen of the page has at hand: the words, whose page it is, and how to say what the person did. */
import { createContext, type ReactNode, useContext, useState } from 'react'
import { Notice } from '../ui/controls.js'
import { Screen, type ScreenProps } from '../ui/screen.js'
import type { Words } from './i18n.js'
import type { Action, Flaw, Screen as Shown } from './server.js'

export interface Stage {
  readonly words: Words
  readonly screen: Shown
  /** Something was sent and is not answered yet. */
  readonly isBusy: boolean
  /** What the server found wrong with what was sent last. */
  readonly flaw: Flaw | null
  readonly send: (action: Action) => void
  /** Asks whether anything has changed. */
  readonly look: () => void
  /** Asks whether to leave. */
  readonly leave: () => void
  /** What stands in the way: no connection, no answer. */
  readonly problem: ReactNode
}

const StageContext = createContext<Stage | null>(null)
export const StageProvider = StageContext.Provider

export function useStage(): Stage {
  const stage = useContext(StageContext)
  if (!stage) throw new Error('A screen stands on a stage.')
  return stage
}

/** A screen of the flow: with the team's name, and a way out. */
export function FlowScreen(props: Omit<ScreenProps, 'name' | 'brand' | 'closeLabel' | 'onClose'> & { name?: string }) {
  const { words, screen, leave, problem } = useStage()
  return (
    <Screen
      {...props}
      name={props.name ?? screen.step}
      brand={<Brand {...screen.team} />}
      closeLabel={words.t('bar.close')}
      onClose={leave}
      backLabel={words.t('bar.back')}
    >
      {problem}
      {props.children}
    </Screen>
  )
}

/** The team's picture, or its name where there is none that loads. */
function Brand({ name, logoUrl }: Shown['team']) {
  const [isBroken, setBroken] = useState(false)
  if (!logoUrl || isBroken) return <span className="brand-name">{name}</span>
  return <img className="brand-logo" src={logoUrl} alt={name} onError={() => setBroken(true)} />
}

export function Flawed({ children }: { readonly children: ReactNode }) {
  return children ? <Notice kind="error">{children}</Notice> : null
}
