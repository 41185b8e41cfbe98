import type { InputRequest, WorkflowStep } from './chat-event.ts'

/**
 * What a message is made of, as stored and as shown. `isSuperseded`: the upstream replaced it later; it stays readable
 * but is neither copied nor sent on as history. `isOpen`: more may still come.
 */
export type MessagePart =
  | { type: 'text'; id: string; text: string; isOpen?: true; isSuperseded?: true }
  | { type: 'reasoning'; id: string; text: string; isOpen?: true }
  | {
      type: 'tool'
      id: string
      toolName: string
      inputText: string
      input?: unknown
      output?: unknown
      errorText?: string
    }
  | ({ type: 'step'; id: string } & WorkflowStep)
  | { type: 'input-request'; id: string; request: InputRequest }
  | { type: 'source'; id: string; title: string; url?: string }
  | { type: 'file'; id: string; mediaType: string; name: string; url: string; sizeBytes?: number }

/** The plain text a reader sees, superseded parts left out. */
export function toPlainText(parts: readonly MessagePart[]): string {
  return parts.map((part) => (part.type === 'text' && !part.isSuperseded ? part.text : '')).join('')
}
