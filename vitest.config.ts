import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { roomyMemory } from './test/support/roomy-memory.ts'

// Whatever a run keeps and throws away, databases above all, lies there: the processes it starts go by the same variable.
const memory = roomyMemory()
if (memory) process.env.TMPDIR ??= memory

const room = ['contract', 'server', 'i18n', 'tools', 'sandbox', 'web'].map(
  (dir) => `${dir}/**/*.test.{ts,tsx}`,
)

export default defineConfig({
  test: {
    pool: 'forks',
    // Two cores are busy with three files: one of them often waits for a clock, a database or a browser.
    maxWorkers: 3,
    // Reading the rooms anew for each of some hundred files costs a third of the time. What a file leaves in a module is there
    // for the next: it ends what it began.
    isolate: false,
    // What Node keeps of compiled programs outlives a run, and has no business in memory.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile-cache') },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'room',
          include: room,
          globalSetup: 'test/support/global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'journey',
          include: ['test/journeys/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
