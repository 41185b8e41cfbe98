/** One numbered event, serialised once for the log, the wire and every viewer. */
export interface LogFrame {
  /** 1, 2, 3 … without a gap within a generation. */
  seq: number
  /** A ChatEvent as JSON, on one line. */
  data: string
  isTerminal: boolean
  /** What one owner tells the next, written with the frame and not shown to anybody: JSON, on one line. */
  ownerNote?: string
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

/**
 * `ended`: the terminal frame has been delivered, or the log has expired. `lost`: the log goes on without the place this
 * viewer has reached (it was begun anew, or what the viewer saw never got into it): a snapshot must come first.
 */
export type ViewEnd = 'ended' | 'lost'

/** Receives frames in order, each once. Called synchronously from appends: must not throw and must not block. */
export interface LogViewer {
  onFrames(frames: readonly LogFrame[]): void
  /** Nothing more comes. */
  onEnd(why: ViewEnd): void
}

export interface LogPlace {
  generationId: string
  /** Up to here, inclusive. */
  seq: number
}

/** A log is trimmed once it is larger: some 8,000 frames, so that a short absence hardly ever needs a snapshot. */
export const maxLogBytes = 1024 * 1024

/**
 * The append-only, numbered, fenced log of each running or lately ended generation. One contract suite runs on every
 * implementation. All operations are atomic: the fence is checked and the write done in one step.
 */
export interface StreamLog {
  /** Makes an empty log whose first entry will be `baseSeq + 1`. Only this creates a fence. False: it exists already. */
  open(generationId: string, fence: number, baseSeq: number): Promise<boolean>
  /** Appends of many generations in one call; outcomes in the order of the requests. */
  append(requests: readonly AppendRequest[]): Promise<AppendOutcome[]>
  /**
   * Empties a log and begins it anew at `baseSeq`, which lies above all it had; its viewers are `lost`. Refused unless
   * the fence is the log's own and `expectedLastSeq` its last seq.
   */
  restart(generationId: string, fence: number, expectedLastSeq: number, baseSeq: number): Promise<AppendOutcome>
  /** Raises the fence, so that the former owner's appends are refused; the last seq, or null when there is no log. */
  seal(generationId: string, fence: number): Promise<number | null>
  findState(generationId: string): Promise<LogState | null>
  /** Frames after `afterSeq`, oldest first. Null: no such log, or `afterSeq` lies outside what it holds. */
  read(generationId: string, afterSeq: number): Promise<LogFrame[] | null>
  /**
   * Replay after `afterSeq`, then live, without a gap or a double. Null: as for `read`. The returned function ends it.
   */
  subscribe(generationId: string, afterSeq: number, viewer: LogViewer): Promise<(() => void) | null>
  /** True while the shared log does not answer: owners carry their own, nobody can take over. */
  isAway(): boolean
  /** True while it is away, or while something that this instance owns is not in it yet. */
  isDegraded(): boolean
  /** Says that these are still being written; without it an open log expires on its own. One call for all. */
  renew(generationIds: readonly string[]): Promise<void>
  /** These places are saved elsewhere: a log larger than `maxLogBytes` forgets what lies at or below. One call for all. */
  trim(places: readonly LogPlace[]): Promise<void>
  /** This instance gives it up (hand-over, superseded): its viewers here go on as anybody else's. */
  release(generationId: string): void
  /** Bounds a log's remaining life. */
  expireAfter(generationId: string, ttlMs: number): Promise<void>
  close(): Promise<void>
}
