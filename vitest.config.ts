import { defineConfig } from 'vitest/config'

/** Unit tests lie beside their files; contract and integration tests under tests/. Browser tests are Playwright's. */
export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'backend/src/**/*.test.ts',
      'frontend/src/**/*.test.{ts,tsx}',
      'tests/**/*.test.ts',
    ],
    globalSetup: ['tests/support/global-set-up.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
