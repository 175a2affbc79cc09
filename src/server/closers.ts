/** What was started and must be stopped: in reverse order, each once, also when starting failed half-way. */
export class Closers {
  readonly #pending: (() => Promise<unknown>)[] = []

  add(close: () => Promise<unknown>): void {
    this.#pending.push(close)
  }

  /** Stops everything, whatever fails; throws the first failure at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let close = this.#pending.pop(); close; close = this.#pending.pop()) {
      await close().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
}
