import { expect, it } from 'vitest'
import { runDrill, type DrillOptions, type Scenario } from './run-drill.ts'

const options: DrillOptions = { streams: 36, break: null, isShort: true, keepIn: null }
const limitMs = 240_000

/** The short form of a drill, a test for each of its scenarios. */
export function testDrill(toScenarios: (options: DrillOptions) => Scenario[]): void {
  for (const scenario of toScenarios(options)) {
    it(`loses, doubles and leaves hanging nothing: ${scenario.name}`, { timeout: limitMs }, async () => {
      const { violations, ledger } = await runDrill(scenario, options)
      expect(violations).toEqual([])
      expect(ledger.accepted).toBeGreaterThanOrEqual(options.streams)
    })
  }
}
