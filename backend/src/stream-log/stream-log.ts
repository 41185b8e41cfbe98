/** One numbered event, serialised once for the log, the wire and every viewer. */
export interface LogFrame {
  /** 1, 2, 3 … without a gap within a generation. */
  seq: number
  /** A ChatEvent as JSON, on one line. */
  data: string
  isTerminal: boolean
}

export interface AppendRequest {
  generationId: string
  fence: number
  /** The append is refused unless this is the log's last seq (0 for an empty log). */
  expectedLastSeq: number
  frames: readonly LogFrame[]
}

/** `refused`: no such log, a higher fence, or another last seq. The owner has been superseded and must end quietly. */
export type AppendOutcome = 'appended' | 'refused'

export interface LogState {
  fence: number
  /** The first seq still held; entries before it were trimmed or never were here. */
  firstSeq: number
  lastSeq: number
  isClosed: boolean
}

/** Receives frames in order, each once. Called synchronously from appends: must not throw and must not block. */
export interface LogViewer {
  onFrames(frames: readonly LogFrame[]): void
  /** The terminal frame has been delivered, or the log has expired or was replaced: nothing more comes. */
  onEnd(): void
}

/**
 * The append-only, numbered, fenced log of each running or lately ended generation. One contract suite runs on every
 * implementation. All operations are atomic: the fence is checked and the write done in one step.
 */
export interface StreamLog {
  /** Makes an empty log whose first entry will be `baseSeq + 1`. Only this creates a fence. False: it exists already. */
  open(generationId: string, fence: number, baseSeq: number): Promise<boolean>
  /**
   * Puts an empty log in the place of one whose fence is not higher; its viewers are told that it ended. False: there is
   * none, or a newer owner has it.
   */
  replace(generationId: string, fence: number, baseSeq: number): Promise<boolean>
  /** Appends of many generations in one call; outcomes in the order of the requests. */
  append(requests: readonly AppendRequest[]): Promise<AppendOutcome[]>
  /** Raises the fence, so that the former owner's appends are refused; the last seq, or null when there is no log. */
  seal(generationId: string, fence: number): Promise<number | null>
  findState(generationId: string): Promise<LogState | null>
  /** Frames after `afterSeq`, oldest first. Null: no such log, or `afterSeq` lies outside what it holds. */
  read(generationId: string, afterSeq: number): Promise<LogFrame[] | null>
  /**
   * Replay after `afterSeq`, then live, without a gap or a double. Null: as for `read`. The returned function ends it.
   */
  subscribe(generationId: string, afterSeq: number, viewer: LogViewer): Promise<(() => void) | null>
  /** True while the shared log is away and owners carry their own: nobody can take over, others see checkpoints. */
  isDegraded(): boolean
  /** Bounds a log's remaining life. */
  expireAfter(generationId: string, ttlMs: number): Promise<void>
  close(): Promise<void>
}
