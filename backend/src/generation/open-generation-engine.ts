import type { Delivery } from '@llmchat/protocol/chat-event'
import { emptyMessage } from '@llmchat/protocol/fold-message'
import type { Clock } from '../base/clock.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { Logger } from '../base/logger.ts'
import type { StreamLog } from '../stream-log/stream-log.ts'
import { finishGeneration } from './finish-generation.ts'
import type { GenerationJob } from './generation-job.ts'
import type { FinalState } from './generation-repository.ts'
import { GenerationWriter } from './generation-writer.ts'
import { openCheckpointLoop } from './open-checkpoint-loop.ts'
import { openFlushLoop } from './open-flush-loop.ts'
import { resumeGeneration, type ResumeDeps } from './resume-generation.ts'
import { runGeneration } from './run-generation.ts'
import { RunningGeneration } from './running-generation.ts'

export interface EngineDeps extends ResumeDeps {
  clock: Clock
  failpoints: Failpoints
  logger: Logger
  streamLog: StreamLog
  commitFinal: (final: FinalState) => Promise<boolean>
  closeLogs: (generationIds: readonly string[]) => Promise<void>
  /** Gives up ownership, so that another instance may go on at once. */
  release: (owned: readonly { generationId: string; fence: number }[]) => Promise<void>
  onEnded: (running: RunningGeneration, delivery: Delivery) => void
  totalMs: number
  checkpointMs: number
  logTtlMs: number
}

export interface GenerationEngine {
  /** Begins a new answer. Returns at once; `find` has it from then on. */
  run(job: GenerationJob): void
  /** Goes on with an adopted one. */
  resume(job: GenerationJob): void
  /** Ends an adopted one without asking its upstream. */
  conclude(job: GenerationJob, delivery: Delivery): void
  find(generationId: string): RunningGeneration | null
  list(): RunningGeneration[]
  /** Stops what still runs where it is, and leaves it to other instances. */
  handOver(): Promise<void>
  /** All that this instance owned belongs to others now. */
  dropAll(): void
  /** Ends what still runs, saves what is known, stops the loops. */
  close(): Promise<void>
}

/** Owns every generation that this instance runs, from accept to closed log. */
export function openGenerationEngine(deps: EngineDeps): GenerationEngine {
  const running = new Map<string, RunningGeneration>()
  const checkpoints = openCheckpointLoop({
    ...deps,
    everyMs: deps.checkpointMs,
    running: () => running.values(),
    isDegraded: () => deps.streamLog.isDegraded(),
    trimLogs: (places) => deps.streamLog.trim(places),
  })
  const flushLoop = openFlushLoop({
    ...deps,
    onError: (error) => deps.logger.error({ err: error }, 'append failed'),
  })
  const finishDeps = {
    ...deps,
    closeLog: (generationId: string) => {
      checkpoints.markClosed(generationId)
      void deps.streamLog.expireAfter(generationId, deps.logTtlMs)
    },
  }

  function launch(job: GenerationJob, work: (running: RunningGeneration) => Promise<Delivery>): void {
    const { generationId, fence } = job
    const writer = new GenerationWriter({
      generationId,
      fence,
      baseSeq: job.adopted?.baseSeq ?? 0,
      message: job.adopted?.message ?? emptyMessage,
      upstream: job.adopted?.upstream ?? {},
      onDirty: (dirty) => flushLoop.schedule(dirty),
    })
    // An adopted answer's time began when it was accepted, wherever that was.
    const ageMs = job.adopted?.ageMs ?? 0
    const one = new RunningGeneration(job, writer, deps.clock.monotonicMs() - ageMs)
    running.set(generationId, one)
    const cancelDeadline = deps.clock.setTimer(Math.max(0, deps.totalMs - ageMs), () => one.end('deadline'))
    live(one, work)
      .catch((error: unknown) => {
        deps.logger.error({ err: error, generationId }, 'generation failed on our side')
        return null
      })
      .then((delivery) => {
        cancelDeadline()
        running.delete(generationId)
        if (!delivery) deps.streamLog.release(generationId)
        if (delivery) deps.onEnded(one, delivery)
        one.markEnded(delivery)
      })
      .catch((error: unknown) => deps.logger.error({ err: error, generationId }, 'generation could not be ended'))
  }

  async function live(
    one: RunningGeneration,
    work: (running: RunningGeneration) => Promise<Delivery>,
  ): Promise<Delivery | null> {
    if (!one.job.adopted) await begin(one)
    const delivery = await work(one).catch((error: unknown) => toInternalEnd(one, error))
    if (one.endReason === 'superseded' || one.writer.isSuperseded) return null
    if (one.endReason === 'handover' && !isFinished(delivery)) return leave(one)
    return finishGeneration(finishDeps, one, delivery)
  }

  async function begin(one: RunningGeneration): Promise<void> {
    const { job, writer } = one
    await deps.streamLog.open(job.generationId, job.fence, 0)
    const { generationId, sessionId, parentId } = job
    const messageMetadata = { generationId, sessionId, parentId, agentId: job.agent.id }
    writer.write({ type: 'start', messageId: job.messageId, messageMetadata })
    writer.write({ type: 'data-delivery', data: { state: 'accepted' } })
    const warnings = job.quotaWarnings ?? []
    if (warnings.length > 0) writer.write({ type: 'data-quota', data: { warnings } })
    if (job.continueText !== null) writer.writeParts([{ type: 'text', delta: job.continueText }], {})
  }

  /** All that was written is in the log; the rest is the next owner's. */
  async function leave(one: RunningGeneration): Promise<null> {
    await one.writer.flushed()
    return null
  }

  function toInternalEnd(one: RunningGeneration, error: unknown): Delivery {
    deps.logger.error({ err: error, generationId: one.job.generationId }, 'generation failed on our side')
    return one.hasContent
      ? { state: 'interrupted', reason: 'upstream-error', code: 'internal' }
      : { state: 'failed', code: 'internal', message: 'Something failed on our side.' }
  }

  return {
    run: (job) => launch(job, (one) => runGeneration(deps, one)),
    resume: (job) => launch(job, (one) => resumeGeneration(deps, one)),
    conclude: (job, delivery) => launch(job, () => Promise.resolve(delivery)),
    find: (generationId) => running.get(generationId) ?? null,
    list: () => [...running.values()],
    async handOver() {
      const left = [...running.values()]
      for (const one of left) one.end('handover')
      await Promise.all(left.map((one) => one.ended))
      await deps.saveCheckpoints(
        left.filter(({ writer }) => !writer.isSuperseded).map(({ writer }) => writer.snapshot()),
      )
      await deps.release(left.map(({ job }) => ({ generationId: job.generationId, fence: job.fence })))
    },
    dropAll() {
      for (const one of running.values()) one.end('superseded')
    },
    async close() {
      const left = [...running.values()]
      for (const one of left) one.end('shutdown')
      await Promise.all(left.map((one) => one.ended))
      checkpoints.close()
      await checkpoints.flush().catch((error: unknown) => deps.logger.warn({ err: error }, 'last checkpoint failed'))
    },
  }
}

/** Its upstream was done before it was told to hand over: then it is simply finished. */
function isFinished(delivery: Delivery): boolean {
  return delivery.state === 'complete' || delivery.state === 'failed'
}
