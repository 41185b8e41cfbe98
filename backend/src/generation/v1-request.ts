import type { HistoryTurn, ProviderTarget } from '../providers/provider-adapter.ts'
import type { GenerationJob } from './generation-job.ts'

/** The context of a `/v1` call, kept in `generations.request` while it runs and erased at its end. */
export interface V1Request {
  rawTurns: HistoryTurn[]
  passThrough: Record<string, unknown>
  temperature: number | null
  maxTokens: number | null
  isStored: boolean
  /** True: nobody can come back for the answer, so it ends when its client has been gone for a while. */
  stopsWithClient: boolean
}

/** Reads back what `startV1Generation` stored. */
export function parseV1Request(stored: unknown): V1Request {
  const empty: V1Request = {
    rawTurns: [],
    passThrough: {},
    temperature: null,
    maxTokens: null,
    isStored: false,
    stopsWithClient: false,
  }
  return { ...empty, ...(stored as Partial<V1Request>) }
}

/** The parts of a job that a `/v1` call decides. */
export function toV1JobFields(
  request: V1Request,
  target: ProviderTarget,
): Pick<GenerationJob, 'rawTurns' | 'passThrough' | 'isStored' | 'stopsWithClient' | 'overrides'> & {
  target: ProviderTarget
} {
  return {
    rawTurns: request.rawTurns,
    passThrough: request.passThrough,
    isStored: request.isStored,
    stopsWithClient: request.stopsWithClient,
    overrides: { temperature: request.temperature, maxTokens: request.maxTokens },
    target: withOverrides(target, request),
  }
}

export function withOverrides(
  target: ProviderTarget,
  overrides: { temperature: number | null; maxTokens: number | null } | undefined,
): ProviderTarget {
  return {
    ...target,
    temperature: overrides?.temperature ?? target.temperature,
    maxTokens: overrides?.maxTokens ?? target.maxTokens,
  }
}
