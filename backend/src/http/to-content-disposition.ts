/**
 * `attachment` with a name any browser can save: an ASCII fallback and the real one after RFC 5987. Characters that file
 * systems or headers refuse become `_`. Pure.
 */
export function toContentDisposition(name: string, extension: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, '_')
  // By code points: half a pair cannot be encoded.
  const clean = (/^.{0,80}/su.exec(safe)?.[0] ?? '').trim()
  return toDisposition('attachment', `${clean.replace(/^\.+/, '') || 'chat'}.${extension}`)
}

/** Of an upload, whose name is safe already. Inline: the browser may show it. */
export function toFileDisposition(fileName: string, { isInline }: { isInline: boolean }): string {
  return toDisposition(isInline ? 'inline' : 'attachment', fileName)
}

function toDisposition(kind: 'attachment' | 'inline', fileName: string): string {
  const ascii = fileName.replace(/[^ -~]+/g, '_').replace(/[%;'"\\]/g, '_')
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
