import type { DrillPace } from './scenario.ts'

/** As people meet it; the first-content clock alone is shorter than the two minutes of an installation. */
export const realPace: DrillPace = {
  firstContentMs: 10_000,
  idleMs: 35_000,
  breakerOpenMs: 2_000,
  stallMs: 30_000,
  retryAfterSeconds: 2,
  hedgeAfterMs: 2_000,
  flap: { totalMs: 60_000, phaseMs: 10_000, questionEveryMs: 200 },
  askLimitMs: 60_000,
}

/** The same in seconds, for the test suite. */
export const quickPace: DrillPace = {
  firstContentMs: 4_000,
  idleMs: 3_000,
  breakerOpenMs: 400,
  stallMs: 1_000,
  retryAfterSeconds: 1,
  hedgeAfterMs: 300,
  // What is under way when the circuit opens meets the failure too: beside other tests that is seconds of a phase.
  flap: { totalMs: 48_000, phaseMs: 8_000, questionEveryMs: 50 },
  askLimitMs: 20_000,
}
