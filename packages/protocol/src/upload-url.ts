/** Where an upload's bytes are read: what a `file` part of a message has as its `url`. */
export function toUploadUrl(uploadId: string): string {
  return `/api/uploads/${uploadId}`
}

/** The id in an upload's URL, or null where it is none. */
export function findUploadId(url: string): string | null {
  return /^\/api\/uploads\/([0-9a-f-]{36})$/.exec(url)?.[1] ?? null
}
