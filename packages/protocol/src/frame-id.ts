/** The `id:` of an SSE frame: which generation, and how far into its log. */
export interface FrameId {
  generationId: string
  seq: number
}

/** `<generationId>:<seq>` */
export function toFrameId(frame: FrameId): string {
  return `${frame.generationId}:${frame.seq}`
}

/** Null when `text` is not a frame id. */
export function parseFrameId(text: string): FrameId | null {
  const match = /^([A-Za-z0-9-]{1,64}):(\d{1,9})$/.exec(text)
  return match?.[1] && match[2] ? { generationId: match[1], seq: Number(match[2]) } : null
}
