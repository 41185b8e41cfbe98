import { cutText } from '../cut-text.ts'
import type { TurnFile } from '../provider-adapter.ts'

export interface ReadText {
  file: TurnFile
  text: string
}

/** A question with its text files in front of it, each between lines that say whose text this is. */
export function putTextInto(content: string, texts: readonly ReadText[], maxChars: number): string {
  const blocks = texts.map(({ file, text }) => {
    const isCut = text.length > maxChars
    const note = isCut ? `, only the first ${maxChars} of ${text.length} characters` : ''
    return `[File "${file.name}"${note}]\n${cutText(text, maxChars)}\n[End of file "${file.name}"]`
  })
  return [...blocks, content].filter((part) => part !== '').join('\n\n')
}
