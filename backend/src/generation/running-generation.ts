import type { Delivery, Timing } from '@llmchat/protocol/chat-event'
import type { ProviderUsage, UpstreamIds } from '../providers/provider-part.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import type { GenerationWriter } from './generation-writer.ts'

/**
 * Why a running generation is told to end before its upstream does. `handover`: another instance goes on with it;
 * `superseded`: another one has done so already.
 */
export type EndReason = 'stop' | 'deadline' | 'shutdown' | 'handover' | 'superseded'

/** One generation while this instance owns it: its writer, its abort, and what was learnt on the way. */
export class RunningGeneration {
  readonly job: GenerationJob
  readonly writer: GenerationWriter
  readonly acceptedMs: number
  /** Who answers: the agent that was asked, or the fall-back agent that took over. */
  agent: AgentChoice
  /** Requests sent so far, hedges included: ids that we choose must differ. */
  attempts = 0
  private readonly controller = new AbortController()
  private settle: (delivery: Delivery | null) => void = () => undefined
  /** Resolves at the very end with what became of it; null when it was superseded. */
  readonly ended: Promise<Delivery | null>
  endReason: EndReason | null = null
  hasContent: boolean
  upstream: UpstreamIds
  usage: ProviderUsage | null = null
  timing: Omit<Timing, 'totalMs'> = { queuedMs: null, connectMs: null, firstContentMs: null }

  constructor(job: GenerationJob, writer: GenerationWriter, acceptedMs: number) {
    this.job = job
    this.writer = writer
    this.acceptedMs = acceptedMs
    this.agent = job.agent
    this.upstream = { ...job.adopted?.upstream }
    this.hasContent = (job.adopted?.message.parts.length ?? 0) > 0
    this.ended = new Promise((resolve) => {
      this.settle = resolve
    })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Whose run upstream it is from now on is not ours to say: only the socket is closed. */
  get leavesUpstream(): boolean {
    return this.endReason === 'superseded' || this.endReason === 'shutdown' || this.endReason === 'handover'
  }

  /** The first reason wins: a stop that comes while the deadline ends it changes nothing. */
  end(reason: EndReason): void {
    if (this.endReason !== null) return
    this.endReason = reason
    this.controller.abort()
  }

  markEnded(delivery: Delivery | null): void {
    this.settle(delivery)
  }
}
