import { refuser } from '../refuse.js'

export const connectionRefusals = {
  'connection.not_found': 'No connection has this id.',
  'connection.other_client': 'The connection belongs to another client of the team.',
  'connection.deleted': 'The connection was deleted at some earlier time.',
  'connection.product_not_granted': 'The connection does not have this product.',
  'connection.bad_state': 'The connection cannot do this in its present state.',
  'connection.refreshed_too_recently': 'The product was refreshed too recently. Try again later.',
  'connection.not_a_rehearsal': 'This is possible in development and sandbox only.',
  'connection.not_imported': 'Transactions can be added only to a connection that was imported.',
  'connection.no_webhook': 'The connection has no webhook.',
  'connection.account_not_found': 'The connection has no account of this id.',
  'connection.transaction_not_found': 'The connection has no transaction of this id.',
  'connection.unknown_cursor': 'cursor is not one that this connection gave.',
  'connection.invalid_category': 'subcategory does not belong to the category.',
  'connection.invalid_import': 'What is imported is not valid.',
  'connection.institution_not_found': 'No institution has this id.',
  'connect_session.not_found': 'No connect session has this id.',
  'connect_session.expired': 'The connect session has expired. Create another one.',
  'connect_session.completed': 'The connect session has been completed. Create another one.',
  'connect_session.wrong_step': 'The connect session is at another step.',
  'connect_session.invalid_choice': 'What was chosen is not among what the session offers.',
  'connect_session.invalid_token': 'The token is unknown, used, expired, or was given to another client.',
  'connect_session.rehearsal_data': 'Data for a test login are possible in development and sandbox only.',
} as const

export type ConnectionRefusal = keyof typeof connectionRefusals
export const refuse = refuser(connectionRefusals)
