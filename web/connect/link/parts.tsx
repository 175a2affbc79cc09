/** What several screens are made of. */
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import type { Actions } from './flow.js'
import type { Looks } from './looks.js'
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

const Pictures = createContext<Looks['picture']>(() => null)
export const PicturesOf = Pictures.Provider

/** One of our icons, or the picture that the theme has for it. */
export function Art({ name, children }: { readonly name: PictureName; readonly children: ReactNode }) {
  const src = useContext(Pictures)(name)
  return <span className="art">{src === null ? children : <img src={src} alt="" />}</span>
}

/** The bar above a screen that belongs to nobody in particular: the theme's own logo, or the name of the app. */
export function AppBrand({ name }: { readonly name: string }) {
  const src = useContext(Pictures)('navLogo')
  if (src !== null) return <img className="nav-logo" src={src} alt={name} />
  return name === '' ? null : <span className="brand">{name}</span>
}
