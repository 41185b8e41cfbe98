import type { ActiveFaults } from '../plan/fault-gate.ts'
import type { FaultName } from '../plan/planned-fault.ts'
import type { Beat, RunProgress, StreamSource } from './beat.ts'
import { createFrameDecorator, type FrameDecorator } from './decorate-frames.ts'
import type { StreamOutput } from './stream-output.ts'
import type { Ticker, TickerEntry } from './ticker.ts'

/** `broken`: the connection was ended by a planned cut or reset. */
export type RunOutcome = 'finished' | 'failed' | 'stopped' | 'aborted' | 'broken'

export interface StreamRunOptions {
  ticker: Ticker
  source: StreamSource
  faults: ActiveFaults
  ttftMs: number
  gapMs: number
  heartbeatMs: number
  /** The run goes on when its client is gone or its connection was cut. */
  survivesClient: boolean
  /** Keeps all frames, for a client that attaches later. */
  keepsFrames: boolean
  onEnd: (outcome: RunOutcome) => void
  onClientGone: () => void
}

/** Where a fault strikes, in the order in which faults of the same position strike. */
const POSITIONED_FAULTS = ['malformed', 'duplicate-start', 'error', 'cut', 'reset', 'stall', 'stall-keepalive'] as const

interface DueFault {
  name: FaultName
  at: number
}

function listDueFaults(faults: ActiveFaults): DueFault[] {
  const due: DueFault[] = POSITIONED_FAULTS.filter(
    (name) => faults.has(name) && (name !== 'duplicate-start' || faults.find(name)?.hasPosition === true),
  ).map((name) => ({ name, at: faults.at(name) }))
  if (faults.has('no-first-token')) due.push({ name: 'no-first-token', at: 0 })
  return due.sort((left, right) => left.at - right.at)
}

/** One answer on its way: sends the frames of a source at their times, and lets the planned faults strike. */
export class StreamRun implements TickerEntry {
  readonly progress: RunProgress = {
    isStopped: () => this.isStopRequested,
    answerTokens: 0,
    reasoningTokens: 0,
    frames: 0,
  }
  /** All frames so far, without decorations, when the run keeps them. */
  readonly frames: string[] = []
  private readonly options: StreamRunOptions
  private readonly outputs = new Set<StreamOutput>()
  private readonly decorate: FrameDecorator | null
  private readonly dueFaults: DueFault[]
  private readonly heartbeat: TickerEntry = {
    wake: (nowMs) => this.beatHeart(nowMs),
  }
  private beats: Iterator<Beat>
  private pending: Beat | null = null
  private dueMs = 0
  private heartbeatMs: number
  private isScheduled = false
  private isStalled = false
  private isStopRequested = false
  private isBlocked = false
  private isHeartScheduled = false
  private joined = ''
  private outcome: RunOutcome | null = null

  constructor(options: StreamRunOptions) {
    this.options = options
    this.heartbeatMs = options.heartbeatMs
    this.beats = options.source.createBeats(this.progress)
    this.decorate = createFrameDecorator(options.faults, options.source)
    this.dueFaults = listDueFaults(options.faults)
  }

  get isEnded(): boolean {
    return this.outcome !== null
  }

  /** Sends all later frames to this output as well; its client's leaving ends the run unless the run survives. */
  attach(output: StreamOutput): void {
    this.outputs.add(output)
    output.onGone(() => {
      this.outputs.delete(output)
      if (this.isEnded) return
      this.options.onClientGone()
      if (!this.options.survivesClient) this.end('aborted')
    })
    if (!this.options.survivesClient) {
      output.onDrain(() => {
        this.isBlocked = false
        this.wake(this.options.ticker.nowMs())
      })
    }
  }

  start(): void {
    const nowMs = this.options.ticker.nowMs()
    this.dueMs = nowMs + this.options.ttftMs
    this.scheduleHeart(nowMs)
    this.advance(nowMs)
  }

  /** Ends the tokens now and sends the closing frames. */
  stop(): void {
    if (this.isEnded) return
    this.isStopRequested = true
    this.isStalled = false
    this.isBlocked = false
    this.pending = null
    this.advance(this.options.ticker.nowMs())
  }

  /** Ends the run at once and without closing frames. */
  abort(): void {
    this.end('aborted')
  }

  wake(nowMs: number): void {
    this.isScheduled = false
    this.advance(nowMs)
  }

  private advance(nowMs: number): void {
    while (!this.isEnded && !this.isStalled && !this.isBlocked) {
      const beat = this.pending ?? this.pull()
      if (beat === null) {
        this.end(this.isStopRequested ? 'stopped' : 'finished')
        return
      }
      this.pending = beat
      if (this.strikes(beat)) continue
      const isTimed = beat.kind === 'answer' || beat.kind === 'reasoning' || beat.kind === 'step'
      if (isTimed && this.dueMs > nowMs) {
        this.scheduleNext()
        return
      }
      this.pending = null
      if (isTimed) this.dueMs += this.options.gapMs
      this.send(beat, isTimed && this.options.gapMs > 0 && this.dueMs <= nowMs)
    }
  }

  private pull(): Beat | null {
    const next = this.beats.next()
    return next.done === true ? null : next.value
  }

  private scheduleNext(): void {
    this.flush()
    if (this.isScheduled) return
    this.isScheduled = true
    this.options.ticker.schedule(this, this.dueMs)
  }

  private send(beat: Beat, canJoin: boolean): void {
    if (this.isLeftOut(beat)) return
    if (beat.kind === 'answer') this.progress.answerTokens += 1
    else if (beat.kind === 'reasoning') this.progress.reasoningTokens += 1
    this.progress.frames += 1
    const frame = this.decorate === null ? beat.frame : this.decorate(beat)
    if (this.options.keepsFrames) this.frames.push(beat.frame)
    // Tokens that are late together leave in one write: an overloaded simulator must catch up, not sink.
    this.joined += frame
    if (!canJoin) this.flush()
    this.strikeAfter(beat, frame)
  }

  private isLeftOut(beat: Beat): boolean {
    const { faults } = this.options
    if (beat.kind === 'done') return faults.has('no-done') || faults.has('finish-no-done')
    return beat.kind === 'usage' && faults.has('no-usage')
  }

  private strikeAfter(beat: Beat, frame: string): void {
    const { faults, source } = this.options
    if (beat.kind === 'open') {
      if (this.progress.frames === 1 && this.hasDoubledStart()) this.write(frame)
    } else if (beat.kind === 'done') {
      if (faults.has('after-done')) this.write(source.afterDoneFrame)
    } else if (beat.kind === 'finish' && faults.has('finish-no-done')) this.end('finished')
  }

  private hasDoubledStart(): boolean {
    return this.options.faults.find('duplicate-start')?.hasPosition === false
  }

  private flush(): void {
    if (this.joined === '') return
    const frames = this.joined
    this.joined = ''
    this.write(frames)
  }

  private write(frames: string): void {
    if (frames === '') return
    for (const output of this.outputs) {
      if (!output.write(frames) && !this.options.survivesClient) this.isBlocked = true
    }
  }

  private strikes(beat: Beat): boolean {
    const fault = this.dueFaults[0]
    if (fault === undefined || this.isStopRequested) return false
    if (this.progress.answerTokens + this.progress.reasoningTokens < fault.at) return false
    if (beat.kind === 'open' && !this.strikesBeforeOpening(fault)) return false
    this.dueFaults.shift()
    this.flush()
    this.strike(fault.name)
    return true
  }

  private strikesBeforeOpening(fault: DueFault): boolean {
    if (fault.name === 'error') return fault.at === 0 && this.options.source.errorsAfterOpening !== true
    return fault.name === 'no-first-token'
  }

  private strike(name: FaultName): void {
    const { source, faults } = this.options
    if (name === 'malformed') this.write(source.malformedFrame)
    else if (name === 'duplicate-start') this.restart()
    else if (name === 'error') this.fail()
    else if (name === 'cut' || name === 'reset') this.breakConnection(name)
    else this.stall(name === 'stall-keepalive' || faults.find(name)?.parameters['keep-alive'] !== undefined, name)
  }

  private restart(): void {
    this.progress.answerTokens = 0
    this.progress.reasoningTokens = 0
    this.pending = null
    this.beats = this.options.source.createBeats(this.progress)
  }

  private fail(): void {
    const fault = this.options.faults.find('error')
    const message = fault?.parameters['message'] ?? 'simulated in-stream error'
    const code = fault?.parameters['code'] ?? null
    for (const frame of this.options.source.toErrorFrames(this.progress, code, message)) {
      this.progress.frames += 1
      if (this.options.keepsFrames) this.frames.push(frame)
      this.write(frame)
    }
    this.end('failed')
  }

  private breakConnection(name: 'cut' | 'reset'): void {
    this.closeOutputs(name)
    if (!this.options.survivesClient) this.end('broken')
  }

  private closeOutputs(how: 'cut' | 'reset' | 'end'): void {
    for (const output of this.outputs) {
      if (how === 'reset') output.reset()
      else output.end()
    }
    this.outputs.clear()
  }

  private stall(keepsAlive: boolean, name: FaultName): void {
    this.isStalled = true
    const forMs = this.options.faults.find(name)?.parameters['for']
    if (forMs !== undefined) this.endStallLater(Number(forMs))
    const given = Number(this.options.faults.find(name)?.parameters['keep-alive'] ?? 0)
    if (!keepsAlive) {
      this.heartbeatMs = 0
      return
    }
    if (given > 0) this.heartbeatMs = given
    if (this.heartbeatMs === 0) this.heartbeatMs = 1000
    this.scheduleHeart(this.options.ticker.nowMs())
  }

  private endStallLater(afterMs: number): void {
    const { ticker } = this.options
    const wake = (nowMs: number): void => {
      this.isStalled = false
      this.dueMs = nowMs
      this.advance(nowMs)
    }
    ticker.schedule({ wake }, ticker.nowMs() + afterMs)
  }

  private scheduleHeart(nowMs: number): void {
    if (this.isHeartScheduled || this.heartbeatMs <= 0) return
    this.isHeartScheduled = true
    this.options.ticker.schedule(this.heartbeat, nowMs + this.heartbeatMs)
  }

  private beatHeart(nowMs: number): void {
    this.isHeartScheduled = false
    if (this.isEnded || this.heartbeatMs <= 0) return
    this.flush()
    this.write(this.options.source.keepAliveFrame)
    this.scheduleHeart(nowMs)
  }

  private end(outcome: RunOutcome): void {
    if (this.isEnded) return
    this.flush()
    this.outcome = outcome
    if (!this.options.faults.has('stay-open')) this.closeOutputs('end')
    this.options.onEnd(outcome)
  }
}
