import { refuser } from '../refuse.js'

export const widgetRefusals = {
  'widget.unknown_session': 'The token is missing, unknown, or its time is over. Ask for another one.',
  'widget.user_not_found': 'No user has this id.',
  'widget.user_disabled': 'The user was disabled.',
  'widget.invalid_ticket': 'A ticket needs an e-mail address, a title and a message, each within its limits.',
} as const

export type WidgetRefusal = keyof typeof widgetRefusals
export const refuse = refuser(widgetRefusals)
