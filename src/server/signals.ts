const SIGNALS = ['SIGINT', 'SIGTERM'] as const
// Ctrl-C under npm can reach us twice at once, from the terminal and from npm: that is one wish.
const SAME_WISH_MS = 500
const PARENT_CHECK_MS = 250

/** Resolves at the first SIGINT or SIGTERM, or when the npm that started this process is gone. A second one ends the process on the spot. */
export function stopOnSignal(): Promise<void> {
  return Promise.race([untilSignal(), ...(process.env.npm_lifecycle_event ? [untilOrphaned()] : [])])
}

/** As `stopOnSignal`, for a process that outlives whoever started it. */
export function untilSignal(): Promise<void> {
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

/** npm hands its SIGTERM to the shell between it and us, which ends without passing it on: losing the parent means stop. */
function untilOrphaned(): Promise<void> {
  const parent = process.ppid
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(timer)
      resolve()
    }, PARENT_CHECK_MS)
    timer.unref()
  })
}
