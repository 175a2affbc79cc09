const SIGNALS = ['SIGINT', 'SIGTERM'] as const
// Ctrl-C under npm can reach us twice at once, from the terminal and from npm: that is one wish.
const SAME_WISH_MS = 500
const PARENT_CHECK_MS = 250

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
    if (process.env.npm_lifecycle_event) whenOrphaned(resolve)
  })
}

/** npm hands its SIGTERM to the shell between it and us, which ends without passing it on: losing the parent means stop. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, PARENT_CHECK_MS)
  timer.unref()
}
