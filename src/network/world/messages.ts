/** Texts to the phones of the world: they arrive at once, and a phone keeps the last few. Sealed, for they carry codes. */
import type { Ask, TextMessage } from '../port.js'
import type { Town } from './people.js'
import { addMessage, listMessages } from './store.js'

export async function deliverText({ db, secrets }: Town, { realm, at }: Ask, message: TextMessage): Promise<void> {
  const textSealed = secrets.seal(message.text, ownerOf(realm, message.to))
  await addMessage(db, { realm, phone: message.to, textSealed, sentAt: at })
}

export async function textsOf({ db, secrets }: Town, realm: string, phone: string) {
  const messages = await listMessages(db, realm, phone)
  return messages.map(({ textSealed, sentAt }) => ({
    text: secrets.open(textSealed, ownerOf(realm, phone)),
    sentAt,
  }))
}

function ownerOf(realm: string, phone: string): string {
  return `messages/${realm}/${phone}`
}
