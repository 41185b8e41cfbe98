import type { Delivery } from '@llmchat/protocol/chat-event'
import type { RunningGeneration } from './running-generation.ts'

/** The end of an answer that was told to end before its upstream did. */
export function toEnd(running: RunningGeneration): Delivery {
  switch (running.endReason) {
    case 'deadline':
      return running.hasContent
        ? { state: 'interrupted', reason: 'deadline', code: 'upstream_deadline' }
        : { state: 'failed', code: 'upstream_deadline', message: 'The answer took longer than allowed.' }
    case 'shutdown':
      return { state: 'interrupted', reason: 'shutdown' }
    default:
      return { state: 'stopped' }
  }
}
