const SIGNALS = ['SIGINT', 'SIGTERM'] as const
// Ctrl-C under npm can reach us twice at once, from the terminal and from npm: that is one wish.
const SAME_WISH_MS = 500

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process on the spot. */
export function stopOnSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const onSignal = () => {
      if (firstAt === undefined) {
        firstAt = performance.now()
        resolve()
      } else if (performance.now() - firstAt > SAME_WISH_MS) process.exit(1)
    }
    for (const signal of SIGNALS) process.on(signal, onSignal)
  })
}
