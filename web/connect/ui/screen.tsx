import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './icons.js'

export interface ScreenProps {
  /** Names the screen in tests and in `data-screen`. */
  readonly name: string
  readonly title: string
  readonly lead?: ReactNode
  /** Stands in the middle of the bar: whose page this is. */
  readonly brand?: ReactNode
  /** Stands above the title. */
  readonly emblem?: ReactNode
  readonly backLabel?: string
  readonly onBack?: (() => void) | undefined
  readonly closeLabel?: string
  readonly onClose?: (() => void) | undefined
  readonly children?: ReactNode
  /** The actions, always in reach at the lower edge. */
  readonly foot?: ReactNode
  /** With it the screen is a form, and Enter sends it. */
  readonly onSubmit?: (() => void) | undefined
}

/** One step of a flow, as large as its frame. Its title takes the focus, so that screen readers tell where the person is. */
export function Screen(props: ScreenProps) {
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  // A key of the screen's name, so that each step takes the focus once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name is the step
  useEffect(() => {
    title.current?.focus()
  }, [props.name])
  const content = (
    <>
      <main className="screen-body" aria-labelledby={titleId}>
        <div className="screen-heading">
          {props.emblem}
          <h1 id={titleId} ref={title} tabIndex={-1}>
            {props.title}
          </h1>
          {props.lead === undefined ? null : <p>{props.lead}</p>}
        </div>
        {props.children}
      </main>
      {props.foot === undefined ? null : <footer className="screen-foot">{props.foot}</footer>}
    </>
  )
  return (
    <div className="screen" data-screen={props.name}>
      <header className="screen-bar">
        <span>
          {props.onBack ? (
            <button
              type="button"
              className="icon-button"
              data-part="back"
              aria-label={props.backLabel}
              onClick={props.onBack}
            >
              <Icon name="back" />
            </button>
          ) : null}
        </span>
        <span className="screen-bar-middle">{props.brand}</span>
        <span>
          {props.onClose ? (
            <button
              type="button"
              className="icon-button"
              data-part="close"
              aria-label={props.closeLabel}
              onClick={props.onClose}
            >
              <Icon name="close" />
            </button>
          ) : null}
        </span>
      </header>
      {props.onSubmit ? <Form onSubmit={props.onSubmit}>{content}</Form> : content}
    </div>
  )
}

function Form({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  return (
    <form
      className="screen-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}
