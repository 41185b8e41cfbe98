import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { GenerationRow } from './generation-repository.ts'
import type { RunningGeneration } from './running-generation.ts'

export interface StopDeps {
  requestStop: (key: { userId: string; sessionId: string; generationId: string | null }) => Promise<string | null>
  findGeneration: (userId: string, generationId: string) => Promise<GenerationRow | null>
  findNewestGeneration: (userId: string, sessionId: string) => Promise<GenerationRow | null>
  findLocal: (generationId: string) => RunningGeneration | null
  /** Wakes the owner, which may be another instance. */
  ringStop: (generationId: string) => void
  clock: Clock
}

export interface StopResult {
  generationId: string | null
  /** The resulting state: whichever end was committed first. */
  state: string
}

/**
 * Durable first, then at once where the owner is here. Answers what became of the generation; stopping one that has
 * ended is no error. Errors: `chat_session_not_found`, `generation_not_found`.
 */
export async function stopGeneration(
  deps: StopDeps,
  key: { userId: string; sessionId: string; generationId: string | null },
): Promise<StopResult> {
  const stopped = await deps.requestStop(key)
  const local = stopped === null ? null : deps.findLocal(stopped)
  if (local) {
    local.end('stop')
    const delivery = await local.ended
    if (delivery) return { generationId: stopped, state: delivery.state }
  }
  if (stopped !== null) deps.ringStop(stopped)
  let row = await findRow(deps, key, stopped)
  for (let look = 0; stopped !== null && row.status === 'running' && look < maxLooks; look++) {
    await new Promise<void>((resolve) => deps.clock.setTimer(lookEveryMs, resolve))
    row = await findRow(deps, key, stopped)
  }
  return { generationId: row.id, state: row.delivery?.state ?? 'streaming' }
}

/** Longer than one beat, by which the owner hears of it at the latest. */
const maxLooks = 30
const lookEveryMs = 100

async function findRow(
  deps: StopDeps,
  key: { userId: string; sessionId: string; generationId: string | null },
  stopped: string | null,
): Promise<GenerationRow> {
  const generationId = stopped ?? key.generationId
  const row = generationId
    ? await deps.findGeneration(key.userId, generationId)
    : await deps.findNewestGeneration(key.userId, key.sessionId)
  if (row?.sessionId === key.sessionId) return row
  throw new AppError(generationId ? 'generation_not_found' : 'chat_session_not_found')
}
