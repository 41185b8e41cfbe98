import type { MessagePart } from '@llmchat/protocol/message-part'

type PartOf<Type extends MessagePart['type']> = Extract<MessagePart, { type: Type }>

/** The parts of an answer in the order they are shown: thinking, steps, text, forms, sources. */
export interface PartGroups {
  reasoning: PartOf<'reasoning'>[]
  steps: PartOf<'step' | 'tool'>[]
  /** Withdrawn text comes folded, before what replaced it. */
  superseded: PartOf<'text'>[]
  texts: PartOf<'text'>[]
  requests: PartOf<'input-request'>[]
  sources: PartOf<'source'>[]
  files: PartOf<'file'>[]
}

/** Pure; the parts themselves keep their identity. A part of an unknown type is not shown: it came with a newer server. */
export function groupParts(parts: readonly MessagePart[]): PartGroups {
  const groups: PartGroups = {
    reasoning: [],
    steps: [],
    superseded: [],
    texts: [],
    requests: [],
    sources: [],
    files: [],
  }
  for (const part of parts) {
    switch (part.type) {
      case 'reasoning':
        groups.reasoning.push(part)
        break
      case 'step':
      case 'tool':
        groups.steps.push(part)
        break
      case 'text':
        if (part.isSuperseded) groups.superseded.push(part)
        else groups.texts.push(part)
        break
      case 'input-request':
        groups.requests.push(part)
        break
      case 'source':
        groups.sources.push(part)
        break
      case 'file':
        groups.files.push(part)
        break
      default:
        part satisfies never
    }
  }
  return groups
}
