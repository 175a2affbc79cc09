/**
 * Work that waits for the domain's time (an expiry, a refresh). Its due time stands in its own row, under an index by due
 * time, and is taken in batches; the job queue knows nothing of it.
 */
export interface DueWork {
  readonly name: string
  /** Does one batch of what is due now, over all teams; returns how many it did. Several processes may run it at once. */
  run(): Promise<number>
}

export const DUE_BATCH = 500

/** Runs every kind of due work until none is left. */
export async function runAllDue(works: readonly DueWork[]): Promise<void> {
  for (const work of works) while ((await work.run()) > 0);
}
