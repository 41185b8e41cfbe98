/** Puts `value` on the clipboard. False when the browser refuses (no permission, no secure context). */
export async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value)
    return true
  } catch {
    return false
  }
}
