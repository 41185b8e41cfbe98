const maxBytes = 200
const fallback = 'file'

/** Control characters and those that turn the direction of writing, by which `gpj.exe` can be made to look like `exe.jpg`. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu
/** Not allowed in names on some system, or read as part of a path there. */
const reserved = /[<>:"|?*]/g

/**
 * The name of a file as it is stored and shown: without a path, without what cannot be seen, 200 bytes at most, the ending
 * kept. Never empty.
 */
export function toSafeName(given: string): string {
  const last = given.normalize('NFC').replace(unseen, '').split(/[/\\]/).at(-1) ?? ''
  const name = last.replace(reserved, '_').replace(/^[.\s]+|[.\s]+$/g, '')
  return name === '' ? fallback : shorten(name)
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const ending = /\.[^.]{1,15}$/u.exec(name)?.[0] ?? ''
  let stem = name.slice(0, name.length - ending.length)
  while (Buffer.byteLength(stem) + Buffer.byteLength(ending) > maxBytes) stem = Array.from(stem).slice(0, -1).join('')
  return stem + ending
}
