import { type ParsedPlan, parsePlan, type SimulatorPlan, toPlan } from '../plan.ts'

/** The places of a request that may carry a plan. */
export interface PlanSources {
  /** The last user prompt; may hold `[[sim key=value …]]`. */
  prompt: string
  /** `name:key=value,…`; null where the provider has no model. */
  model: string | null
  /** Only read where the provider has no model. */
  apiKey: string | null
  /** The header `x-sim-plan`. */
  header: string | null
  /** The plan the simulator was opened with. */
  defaultPlan: string
}

/** The text inside the last `[[sim …]]` of a prompt, or null. */
export function findDirective(prompt: string): string | null {
  const found = Array.from(prompt.matchAll(/\[\[sim\s+([^\]]*)\]\]/g)).at(-1)
  return found?.[1] ?? null
}

/** What follows the first colon of a model name or an API key, when it reads like a plan; else null. */
export function findPlanSuffix(name: string | null): string | null {
  const suffix = /^[^:]*:(.*)$/.exec(name ?? '')?.[1]
  return suffix?.includes('=') === true ? suffix : null
}

/**
 * Merges the plans of a request key by key: a directive in the prompt wins over the model name, that over the API
 * key, that over the header, that over the simulator's default plan.
 */
export function selectPlan(sources: PlanSources): {
  plan: SimulatorPlan
  problems: string[]
} {
  const texts = [
    findDirective(sources.prompt),
    findPlanSuffix(sources.model),
    findPlanSuffix(sources.apiKey),
    sources.header,
    sources.defaultPlan,
  ]
  const parsed: ParsedPlan[] = texts.filter((text) => text !== null).map(parsePlan)
  return {
    plan: toPlan(parsed.map((part) => part.settings)),
    problems: parsed.flatMap((part) => part.problems),
  }
}
