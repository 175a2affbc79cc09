import { NativeSelect } from '@mantine/core'

interface AnyOfProps {
  readonly label: string
  readonly value: string
  readonly choose: (value: string) => void
  /** Words, or what each is called here. */
  readonly of: readonly string[] | Readonly<Record<string, string>>
}

/** A list's filter: one of some words, or any of them, which is the empty one. */
export function AnyOf({ label, value, choose, of }: AnyOfProps) {
  const named = Array.isArray(of) ? of.map((word: string) => [word, word.replaceAll('_', ' ')]) : Object.entries(of)
  return (
    <NativeSelect
      label={label}
      value={value}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={[{ value: '', label: 'Any' }, ...named.map(([word = '', name = '']) => ({ value: word, label: name }))]}
    />
  )
}
