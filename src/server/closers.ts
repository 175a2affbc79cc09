/** What was started and must be stopped: in reverse order, each once, also when starting failed half-way. */
export class Closers {
  readonly #pending: (() => Promise<unknown>)[] = []

  /** What `start` returns. When it fails, what it had added by then is stopped, and its failure thrown. */
  static async around<T>(start: (closers: Closers) => Promise<T>): Promise<T> {
    const closers = new Closers()
    try {
      return await start(closers)
    } catch (error) {
      await closers.close().catch(() => {})
      throw error
    }
  }

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
