/** What several screens are made of. */
import { type ReactNode, useEffect, useRef } from 'react'
import type { Actions } from './flow.js'
import type { PictureName } from './theme-members.js'
import type { Institution } from './wire.js'

/** What every screen gets. */
export interface ScreenParts {
  readonly actions: Actions
  readonly applicationName: string
  /** The theme's word for going on, in place of ours. */
  readonly goOn: string | null
  readonly onClose: () => void
}

export interface SheetProps {
  readonly title: string
  readonly onDismiss: () => void
  readonly children: ReactNode
}

/** Something small in front of the screen, which Escape sends away. */
export function Sheet({ title, onDismiss, children }: SheetProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const before = document.activeElement
    heading.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <div
      className="sheet"
      role="dialog"
      aria-modal="true"
      aria-label={title}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onDismiss()
      }}
    >
      <div className="sheet-card">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {children}
      </div>
    </div>
  )
}

/** The bar above a screen that belongs to an institution. */
export function brandOf(institution: Institution | null): ReactNode {
  return institution ? <span className="brand">{institution.name}</span> : null
}

/** One of our icons, or the picture that the theme has for it. */
export function Art({ name, children }: { readonly name: PictureName; readonly children: ReactNode }) {
  return (
    <span className="art" data-picture={name.toLowerCase()}>
      {children}
    </span>
  )
}
