/**
 * What a frame is in its stream.
 * `open`: before the first token · `reasoning`, `answer`: one token each, they wait for their time and are counted ·
 * `step`: waits for its time, not counted · `block`: structure, sent at once · `finish`: carries the reason of the end ·
 * `usage`: token figures in a frame of their own · `done`: the marker of success · `tail`: whatever comes after it.
 */
export type BeatKind = 'open' | 'reasoning' | 'answer' | 'step' | 'block' | 'finish' | 'usage' | 'done' | 'tail'

export interface Beat {
  kind: BeatKind
  /** Complete bytes of one or several events, with their blank lines. */
  frame: string
}

/** What the frames of a run may read while they are made. */
export interface RunProgress {
  /** The stop endpoint was called: no more tokens, go to the closing frames. */
  isStopped: () => boolean
  /** Answer tokens sent so far. */
  answerTokens: number
  reasoningTokens: number
  /** Frames sent so far, without decorations; numbers the events of providers that count them. */
  frames: number
}

/** The frames of one answer in one provider's format. */
export interface StreamSource {
  /** A new pass over all frames; a second pass is asked for by `duplicate-start@k`. */
  createBeats(progress: RunProgress): Iterator<Beat>
  /** The provider's in-stream error and whatever it sends with it. */
  toErrorFrames(progress: RunProgress, code: string | null, message: string): string[]
  /** `error@0` comes after the opening frames (as the Responses API does), not as the first event. */
  errorsAfterOpening?: boolean
  /** What the provider sends to keep an idle connection open; it is no progress. */
  keepAliveFrame: string
  /** An event of a type no client knows. */
  unknownFrame: string
  /** An event whose JSON is broken. */
  malformedFrame: string
  /** A frame a client must not take for content any more, sent after the marker of success. */
  afterDoneFrame: string
}
