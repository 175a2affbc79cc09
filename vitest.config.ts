import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
    globalSetup: ['test/setup/cluster.ts'],
    setupFiles: ['test/setup/seed.ts'],
    testTimeout: 30_000,
    // What is waited for may take long on a machine that does much else; only failures wait so long.
    expect: { poll: { timeout: 15_000, interval: 50 } },
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // No module of ours keeps anything from one use to the next, so the files of a worker load them once.
    isolate: false,
  },
})
