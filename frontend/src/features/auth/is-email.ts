/** The server's own rule: something, an at sign, something. Whether it exists only the server can tell. */
export function isEmail(value: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(value)
}
