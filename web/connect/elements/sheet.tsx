import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from '../ui/controls.js'

export interface SheetProps {
  readonly title: string
  readonly isOpen: boolean
  readonly closeLabel: string
  readonly onClose: () => void
  /** A second way on, below the first. */
  readonly other?: { readonly label: string; readonly onClick: () => void }
  readonly children: ReactNode
}

/** Something to read or decide before going on; it keeps the focus until it is closed. */
export function Sheet({ title, isOpen, closeLabel, onClose, other, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal()
    if (!isOpen) dialog.current?.close()
  }, [isOpen])
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      {isOpen ? (
        <>
          <h2 id={titleId}>{title}</h2>
          {children}
          <Button onClick={onClose}>{closeLabel}</Button>
          {other ? (
            <Button kind="quiet" onClick={other.onClick}>
              {other.label}
            </Button>
          ) : null}
        </>
      ) : null}
    </dialog>
  )
}
