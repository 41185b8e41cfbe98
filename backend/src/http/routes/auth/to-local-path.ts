const MAX_LENGTH = 500

/** A path of this place, to send a browser to; whatever could lead elsewhere becomes the front page. */
export function toLocalPath(text: string | undefined): string {
  const isLocal = text !== undefined && text.length <= MAX_LENGTH && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)
  return isLocal ? text : '/'
}
