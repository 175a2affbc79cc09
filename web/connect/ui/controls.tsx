import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react'

export interface ButtonProps {
  readonly kind?: 'primary' | 'secondary' | 'quiet'
  readonly type?: 'button' | 'submit'
  /** Shows that something goes on, and takes no clicks meanwhile. */
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly onClick?: () => void
  readonly children: ReactNode
}

/** A button that can't be used keeps the focus and says so, which `disabled` would not. */
export function Button({
  kind = 'primary',
  type = 'button',
  busy = false,
  disabled = false,
  onClick,
  children,
}: ButtonProps) {
  const off = busy || disabled
  return (
    <button
      type={type}
      className="button"
      data-kind={kind}
      aria-disabled={off}
      aria-busy={busy}
      onClick={(event) => {
        if (off) event.preventDefault()
        else onClick?.()
      }}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  )
}

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly hint?: ReactNode
  /** What is wrong with the value, in words that tell what to do. */
  readonly error?: string | null | undefined
  /** A code of few digits, set large. */
  readonly isCode?: boolean
}

export function Field({ label, value, onValue, hint, error, isCode = false, ...input }: FieldProps) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={isCode ? 'code' : undefined}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        aria-invalid={Boolean(error)}
        aria-describedby={described || undefined}
      />
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  )
}

export interface SecretFieldProps extends FieldProps {
  readonly showLabel: string
  readonly hideLabel: string
}

/** A password that can be looked at while it is typed. */
export function SecretField({ label, value, onValue, hint, error, showLabel, hideLabel, ...input }: SecretFieldProps) {
  const id = useId()
  const [isShown, setShown] = useState(false)
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-with-button">
        <input
          {...input}
          id={id}
          type={isShown ? 'text' : 'password'}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={Boolean(error)}
          aria-describedby={described || undefined}
        />
        <button type="button" onClick={() => setShown(!isShown)} aria-pressed={isShown}>
          {isShown ? hideLabel : showLabel}
        </button>
      </div>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  )
}

function FieldNotes({
  id,
  hint,
  error,
}: {
  readonly id: string
  readonly hint?: ReactNode
  readonly error?: string | null | undefined
}) {
  return (
    <>
      {hint ? (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
      {error ? (
        <span className="field-error" id={`${id}-error`} role="alert">
          {error}
        </span>
      ) : null}
    </>
  )
}

export interface Choice<Id extends string = string> {
  readonly id: Id
  readonly title: string
  readonly detail?: string
  readonly mark?: ReactNode
  /** It stays as it is. */
  readonly isFixed?: boolean
}

export interface ChoicesProps<Id extends string> {
  /** What is chosen, for those who can't see the heading above it. */
  readonly legend: string
  readonly choices: readonly Choice<Id>[]
  readonly chosen: readonly Id[]
  readonly onChosen: (chosen: readonly Id[]) => void
  readonly isMultiple?: boolean
}

/** Cards to choose one or several of. */
export function Choices<Id extends string>({
  legend,
  choices,
  chosen,
  onChosen,
  isMultiple = false,
}: ChoicesProps<Id>) {
  const name = useId()
  const toggled = (id: Id) => (chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id])
  return (
    <fieldset className="choices">
      <legend className="visually-hidden">{legend}</legend>
      {choices.map(({ id, title, detail, mark, isFixed = false }) => (
        <label className="choice" key={id}>
          {mark}
          <span className="choice-text">
            <span>{title}</span>
            {detail ? <small>{detail}</small> : null}
          </span>
          <input
            type={isMultiple ? 'checkbox' : 'radio'}
            name={name}
            checked={chosen.includes(id)}
            disabled={isFixed}
            onChange={() => onChosen(isMultiple ? toggled(id) : [id])}
          />
        </label>
      ))}
    </fieldset>
  )
}

export interface NoticeProps {
  readonly kind?: 'info' | 'error' | 'warning' | 'success'
  readonly children: ReactNode
}

export function Notice({ kind = 'info', children }: NoticeProps) {
  return (
    <div className="notice" data-kind={kind} role={kind === 'error' ? 'alert' : 'status'}>
      <span>{children}</span>
    </div>
  )
}

export function Waiting({ label }: { readonly label: string }) {
  return (
    <div className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>{label}</p>
    </div>
  )
}

/** The picture of an institution or of a team, or its first letter. */
export function Mark({ name, src }: { readonly name: string; readonly src?: string | null | undefined }) {
  return (
    <span className="mark" aria-hidden="true">
      {src ? <img src={src} alt="" /> : name.trim().slice(0, 1).toUpperCase()}
    </span>
  )
}
