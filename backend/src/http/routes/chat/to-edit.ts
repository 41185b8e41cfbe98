import { createHash } from 'node:crypto'
import type { SendMessage } from '../../../generation/send-message.ts'

type Question = NonNullable<SendMessage['question']>

export interface EditedQuestion {
  id: string
  parentId: string | null
  body: string
  fileIds: readonly string[]
}

/**
 * What the AI SDK means by `messageId` on a submit: this text in place of that message. With us it becomes its sibling.
 * The SDK sends the edited message under its old id, which names the old text here: the sibling gets an id made of both,
 * so that a repeated edit meets itself. The old text with the old files once more is no edit but a repetition.
 */
export function toEdit(question: Question, edited: EditedQuestion): { question: Question; parentId: string | null } {
  const isOther = question.text !== edited.body || question.fileIds.join() !== edited.fileIds.join()
  const isRenamed = question.id === edited.id && isOther
  const id = isRenamed ? toEditId(edited.id, question) : question.id
  return { question: { ...question, id }, parentId: edited.parentId }
}

function toEditId(id: string, { text, fileIds }: Question): string {
  const content = [id, text, ...fileIds].join('\0')
  return `edit-${createHash('sha256').update(content).digest('base64url')}`
}
