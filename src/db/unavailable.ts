/** No database can be had. The message is one sentence for the person who starts the server: what is wrong and what to do. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}
