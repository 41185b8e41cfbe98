import { createHash } from 'node:crypto'
import type { SendMessage } from '../../../generation/send-message.ts'

type Question = NonNullable<SendMessage['question']>

export interface EditedQuestion {
  id: string
  parentId: string | null
  body: string
}

/**
 * What the AI SDK means by `messageId` on a submit: this text in place of that message. With us it becomes its sibling.
 * The SDK sends the edited message under its old id, which names the old text here: the sibling gets an id made of both,
 * so that a repeated edit meets itself. The old text once more is no edit but a repetition.
 */
export function toEdit(question: Question, edited: EditedQuestion): { question: Question; parentId: string | null } {
  const isRenamed = question.id === edited.id && question.text !== edited.body
  const id = isRenamed ? toEditId(edited.id, question.text) : question.id
  return { question: { id, text: question.text }, parentId: edited.parentId }
}

function toEditId(id: string, text: string): string {
  return `edit-${createHash('sha256').update(`${id}\0${text}`).digest('base64url')}`
}
