import type { HistoryTurn, ProviderCall } from './provider-adapter.ts'

const labels = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' } as const

/** The last turn of the call as plain text. */
export function getQuestion(call: ProviderCall): string {
  return call.turns.at(-1)?.content ?? ''
}

/**
 * The question with the earlier turns in front of it, labelled: for upstreams that keep the conversation themselves but
 * do not know this one yet.
 */
export function toTranscript(turns: readonly HistoryTurn[]): string {
  const earlier = turns.slice(0, -1).filter((turn) => turn.content.trim() !== '')
  const question = turns.at(-1)?.content ?? ''
  if (earlier.length === 0) return question
  const lines = earlier.map((turn) => `${labels[turn.role]}: ${turn.content}`)
  return ['Earlier in this conversation:', ...lines, 'The message to answer now:', question].join('\n\n')
}
