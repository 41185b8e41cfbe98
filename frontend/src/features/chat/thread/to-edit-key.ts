/** Under which the rewriting of a question is kept while it is not sent. */
export function toEditKey(messageId: string): string {
  return `edit.${messageId}`
}
