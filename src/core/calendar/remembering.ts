// A window moves thousands of payments, which all ask about the same few days; more than these are never in use at once.
const ANSWERS_MAX = 1_000

/** A pure function of plain values that remembers its answers: the arithmetic of calendars is slow. */
export function remembering<Args extends readonly (string | number)[], Answer>(
  compute: (...args: Args) => Answer,
): (...args: Args) => Answer {
  const known = new Map<string, Answer>()
  return (...args) => {
    const key = args.join(' ')
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    if (known.size >= ANSWERS_MAX) known.clear()
    const answer = compute(...args)
    known.set(key, answer)
    return answer
  }
}
