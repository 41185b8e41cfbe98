import { expect, it } from 'vitest'
import { runDrill } from './support/run-drill.ts'
import { toTakeoverScenarios } from './takeover.ts'

const options = { streams: 36, break: null, isShort: true }
const limitMs = 240_000

for (const scenario of toTakeoverScenarios(options)) {
  it(`loses, doubles and leaves hanging nothing: ${scenario.name}`, { timeout: limitMs }, async () => {
    const { violations, ledger } = await runDrill(scenario, options)
    expect(violations).toEqual([])
    expect(ledger.accepted).toBeGreaterThanOrEqual(options.streams)
  })
}
