/**
 * Where the holder of a one-time link goes. The token stands behind the `#`: browsers send that to nobody, so it is in no
 * log and in no Referer.
 */
export function toLinkUrl(origin: string, kind: 'password-reset' | 'invitation', token: string): string {
  return `${origin}/${kind}#${token}`
}
