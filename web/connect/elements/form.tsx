/** What the screens that ask for something have in common. */
import { useState } from 'react'
import { Button } from '../ui/controls.js'
import { useStage } from './stage.js'

/** A form of few fields: says at once what is missing, and what the server could not take. */
export function useForm<Name extends string>(empty: Readonly<Record<Name, string>>) {
  const [values, setValues] = useState(empty)
  const [flawed, setFlawed] = useState<readonly Name[]>([])
  return {
    values,
    flawed,
    set: (name: Name) => (value: string) => {
      setValues((now) => ({ ...now, [name]: value }))
      setFlawed((now) => now.filter((other) => other !== name))
    },
    /** Marks what is wrong and puts the focus there; true where nothing is. */
    check(wrong: readonly Name[]): boolean {
      setFlawed(wrong)
      if (wrong.length > 0) {
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      }
      return wrong.length === 0
    },
  }
}

export function Continue() {
  const { words, isBusy } = useStage()
  return (
    <Button type="submit" busy={isBusy}>
      {words.t('action.continue')}
    </Button>
  )
}
