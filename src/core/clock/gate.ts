/** Lets so many in at a time; the others wait in the order in which they came. */
export interface Gate {
  /** False where the signal fired before it was their turn; whoever was let in has to leave. */
  enter(signal: AbortSignal): Promise<boolean>
  leave(): void
}

export function openGate(places: number): Gate {
  let free = places
  const waiting = new Set<() => void>()
  const letNext = () => {
    const [next] = waiting
    if (next === undefined) free++
    else next()
  }
  return {
    async enter(signal) {
      if (signal.aborted) return false
      if (free > 0) {
        free--
        return true
      }
      return new Promise((resolve) => {
        const settle = (isIn: boolean) => {
          waiting.delete(letIn)
          signal.removeEventListener('abort', giveUp)
          resolve(isIn)
        }
        const letIn = () => settle(true)
        const giveUp = () => settle(false)
        waiting.add(letIn)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    leave: letNext,
  }
}
