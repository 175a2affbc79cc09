/** Where a person can tell what went wrong, if the app wants to know. */
import { useState } from 'react'
import { Button, Notice } from '../ui/controls.js'
import type { Backend } from './backend.js'
import { Sheet } from './parts.js'
import { texts } from './texts.js'

export interface ReportProps {
  readonly backend: Backend
  readonly screen: string
  readonly onDone: () => void
}

export function Report({ backend, screen, onDone }: ReportProps) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [isSent, setSent] = useState(false)
  const send = () => {
    if (text.trim() === '') {
      setError(texts.report.missing)
      return
    }
    backend.report({ screen, text: text.trim() }).then(
      () => setSent(true),
      () => setError(texts.report.failed),
    )
  }
  return (
    <Sheet title={texts.report.title} onDismiss={onDone}>
      {isSent ? (
        <Notice kind="success">{texts.report.sent}</Notice>
      ) : (
        <div className="field">
          <label htmlFor="report">{texts.report.label}</label>
          <textarea
            id="report"
            rows={4}
            maxLength={2000}
            value={text}
            onChange={({ target }) => setText(target.value)}
            aria-invalid={error !== null}
            aria-describedby="report-hint"
          />
          <span className="field-hint" id="report-hint">
            {texts.report.hint}
          </span>
          {error === null ? null : (
            <span className="field-error" role="alert">
              {error}
            </span>
          )}
        </div>
      )}
      {isSent ? null : <Button onClick={send}>{texts.report.send}</Button>}
      <Button kind={isSent ? 'primary' : 'secondary'} onClick={onDone}>
        {isSent ? texts.close : texts.report.cancel}
      </Button>
    </Sheet>
  )
}
