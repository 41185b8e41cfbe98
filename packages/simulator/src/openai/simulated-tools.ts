import type { JsonObject } from '../http/json-fields.ts'
import { toHexDigits } from '../text/stable-hash.ts'

export interface SimulatedTool {
  /** `call_…`, to be sent back with the result. */
  callId: string
  name: string
  /** The arguments as an object. */
  input: JsonObject
  /** The arguments as JSON. */
  argumentsJson: string
  /** The JSON in pieces that cut through keys and values. */
  pieces: readonly string[]
}

const NAMES = ['get_weather', 'get_time', 'search_documents'] as const
const CITIES = ['Paris', '上海', 'Zürich', 'Nairobi'] as const

/** The tool calls of `tools=N`; the same seed gives the same calls. */
export function toSimulatedTools(seed: number, count: number): SimulatedTool[] {
  return Array.from({ length: count }, (_unused, index) => {
    const input = {
      location: CITIES[(seed + index) % CITIES.length],
      days: index + 1,
    }
    const argumentsJson = JSON.stringify(input)
    return {
      callId: `call_${toHexDigits(seed, `tool ${String(index)}`, 24)}`,
      name: NAMES[index % NAMES.length] ?? NAMES[0],
      input,
      argumentsJson,
      pieces: argumentsJson.match(/[^]{1,6}/g) ?? [],
    }
  })
}
