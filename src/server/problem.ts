/** Something the person at the terminal has to put right. The message is one sentence, shown without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem'
}
