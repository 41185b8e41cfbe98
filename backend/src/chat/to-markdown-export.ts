import type { ChatMessage, ChatSession } from '@llmchat/protocol/api/chat-schema'
import { toPlainText, type MessagePart } from '@llmchat/protocol/message-part'

/** One branch as a Markdown document. Pure. */
export function toMarkdownExport(session: ChatSession, branch: readonly ChatMessage[]): string {
  return [`# ${session.title}`, ...branch.map(toSection)].join('\n\n') + '\n'
}

function toSection(message: ChatMessage): string {
  const name = message.role === 'user' ? 'User' : (message.agentName ?? 'Assistant')
  const blocks = [
    `## ${name} · ${message.createdAt}`,
    toPlainText(message.parts),
    toFiles(message.parts),
    toSources(message.parts),
  ]
  return [...blocks, toNote(message)].filter(Boolean).join('\n\n')
}

/** By name and place: the bytes are read from there by whoever may. */
function toFiles(parts: readonly MessagePart[]): string {
  return parts
    .map((part) => (part.type === 'file' ? `- [${part.name}](<${part.url}>)` : ''))
    .filter(Boolean)
    .join('\n')
}

function toSources(parts: readonly MessagePart[]): string {
  return parts
    .map((part) => (part.type === 'source' ? `- ${part.url ? `[${part.title}](<${part.url}>)` : part.title}` : ''))
    .filter(Boolean)
    .join('\n')
}

function toNote(message: ChatMessage): string {
  const delivery = message.delivery
  if (!delivery || delivery.state === 'complete') return ''
  return `> (${delivery.state}${'reason' in delivery ? `: ${delivery.reason}` : ''})`
}
