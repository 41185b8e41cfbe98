import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import type { Logger } from '../base/logger.ts'
import type { StreamLog } from '../stream-log/stream-log.ts'
import type { GenerationRow } from './generation-repository.ts'
import { toMissingClosing } from './view-frames.ts'

export interface SweepDeps {
  logger: Logger
  streamLog: StreamLog
  listOpenLogs: () => Promise<GenerationRow[]>
  closeLogs: (generationIds: readonly string[]) => Promise<void>
}

/** Heals a crash between the commit and the terminal event: final rows whose log is open get their end. */
export async function sweepLogs(deps: SweepDeps): Promise<void> {
  if (deps.streamLog.isAway()) return
  const rows = await deps.listOpenLogs()
  if (rows.length === 0) return
  for (const row of rows) await closeLog(deps, row)
  await deps.closeLogs(rows.map((row) => row.id))
  deps.logger.info({ logs: rows.length }, 'open logs swept')
}

async function closeLog(deps: SweepDeps, row: GenerationRow): Promise<void> {
  const state = await deps.streamLog.findState(row.id)
  const events = toMissingClosing(row)
  if (!state || state.isClosed || !events) return
  const fence = row.fence + 1
  const sealedSeq = await deps.streamLog.seal(row.id, fence)
  if (sealedSeq === null) return
  const lastSeq = (row.finalSeq ?? 0) - events.length
  // Its owner died before it could bring the log up to date: viewers get what is missing from the row.
  if (sealedSeq < lastSeq) await deps.streamLog.restart(row.id, fence, sealedSeq, lastSeq)
  const frames = events.map((event, index) => ({
    seq: lastSeq + index + 1,
    data: JSON.stringify(event),
    isTerminal: isTerminalEvent(event),
  }))
  await deps.streamLog.append([{ generationId: row.id, fence, expectedLastSeq: lastSeq, frames }])
}
