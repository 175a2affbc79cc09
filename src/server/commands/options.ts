import type { ArgDef } from 'citty'

export const onOff = { type: 'enum', options: ['on', 'off'] } satisfies ArgDef

/** The member, when the option was given. */
export function given<const Name extends string, Word, Value>(
  name: Name,
  word: Word | undefined,
  read: (word: Word) => Value,
) {
  return word === undefined ? {} : ({ [name]: read(word) } as { readonly [K in Name]: Value })
}

export const isOn = (word: string): boolean => word === 'on'
