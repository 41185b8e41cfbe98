/**
 * `attachment` with a name any browser can save: an ASCII fallback and the real one after RFC 5987. Characters that file
 * systems or headers refuse become `_`. Pure.
 */
export function toContentDisposition(name: string, extension: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, '_')
  // By code points: half a pair cannot be encoded.
  const clean = (/^.{0,80}/su.exec(safe)?.[0] ?? '').trim()
  const fileName = `${clean.replace(/^\.+/, '') || 'chat'}.${extension}`
  const ascii = fileName.replace(/[^ -~]+/g, '_').replace(/[%;']/g, '_')
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
