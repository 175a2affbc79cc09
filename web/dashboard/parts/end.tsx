import { Button } from '@mantine/core'
import { useState } from 'react'

interface EndProps {
  readonly what: string
  readonly word: string
  readonly size?: 'compact-sm' | 'sm'
  readonly onEnd: () => void
}

/** A button that asks once more, because it cannot be undone. */
export function End({ what, word, size = 'compact-sm', onEnd }: EndProps) {
  const [isSure, setSure] = useState(false)
  return (
    <Button
      size={size}
      variant={isSure ? 'filled' : 'default'}
      {...(isSure ? { color: 'red.8' } : {})}
      aria-label={isSure ? `Really ${word.toLowerCase()} ${what}` : `${word} ${what}`}
      onClick={() => (isSure ? onEnd() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {isSure ? 'Really?' : word}
    </Button>
  )
}
