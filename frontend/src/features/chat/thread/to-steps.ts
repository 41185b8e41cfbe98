import type { WorkflowStep } from '@llmchat/protocol/chat-event'
import type { MessagePart } from '@llmchat/protocol/message-part'

/** One line of the step list. `io`: what went in and came out, as text. */
export interface Step {
  id: string
  name: string
  status: WorkflowStep['status']
  detail: string | null
  durationMs: number | null
  io: string | null
}

type StepPart = Extract<MessagePart, { type: 'step' | 'tool' }>
type ToolPart = Extract<MessagePart, { type: 'tool' }>

const maxIoChars = 4000

/** Workflow steps and tools as the lines of one list. */
export function toSteps(parts: readonly StepPart[], isLive: boolean): Step[] {
  return parts.map((part) => {
    const step = part.type === 'step' ? toWorkflowStep(part) : toToolStep(part)
    return step.status === 'running' && !isLive ? { ...step, status: 'stopped' } : step
  })
}

function toWorkflowStep(part: Extract<MessagePart, { type: 'step' }>): Step {
  const { id, name, status, detail, durationMs } = part
  return { id, name, status, detail: detail ?? null, durationMs: durationMs ?? null, io: null }
}

function toToolStep(part: ToolPart): Step {
  const { id, toolName: name, errorText } = part
  return { id, name, status: toToolStatus(part), detail: errorText ?? null, durationMs: null, io: toIo(part) }
}

function toToolStatus({ errorText, output }: ToolPart): Step['status'] {
  if (errorText !== undefined) return 'failed'
  return output === undefined ? 'running' : 'done'
}

function toIo({ input, inputText, output }: ToolPart): string | null {
  const sides = [input === undefined ? inputText : toJson(input), output === undefined ? '' : toJson(output)]
  const io = sides.filter((side) => side !== '').join('\n→ ')
  if (io === '') return null
  return io.length > maxIoChars ? `${io.slice(0, maxIoChars)}…` : io
}

function toJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
