/** The first `maxCharacters` of a text with an ellipsis; never half a surrogate pair, which databases refuse. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const end = maxCharacters - 1
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return `${text.slice(0, isPair ? end - 1 : end)}…`
}
