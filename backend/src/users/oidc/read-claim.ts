type Claims = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** By its whole name (`https://corp.example/groups`), else one level down at each dot (`realm_access.roles`). */
export function readClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const part of name.split('.')) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
  return value
}

export function hasClaim(claims: Claims, name: string): boolean {
  return readClaim(claims, name) !== undefined
}

/** A text that is not empty, or null. */
export function readText(claims: Claims, name: string): string | null {
  const value = readClaim(claims, name)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** Providers send one value as a text, more as a list. */
export function readTexts(claims: Claims, name: string): string[] {
  const value = readClaim(claims, name)
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')
}
