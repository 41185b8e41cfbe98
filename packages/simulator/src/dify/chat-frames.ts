import type { JsonObject } from '../http/json-fields.ts'
import { type SimulatedTool, toSimulatedTools } from '../openai/simulated-tools.ts'
import type { Beat, RunProgress, StreamSource } from '../run/beat.ts'
import { toDerivedUuid } from '../text/stable-hash.ts'
import {
  createAnswerWriter,
  type DifyTurn,
  PING_FRAME,
  toAnswerText,
  toCommonFields,
  toDifyErrorFrame,
  toDifyFrame,
  toDifyMetadata,
} from './dify-turn.ts'

/** The frames that all kinds of Dify apps share. */
export function toSharedFrames(turn: DifyTurn): Omit<StreamSource, 'createBeats' | 'toErrorFrames'> {
  const late = {
    ...toCommonFields(turn),
    id: turn.ids.messageId,
    answer: 'after done',
  }
  return {
    keepAliveFrame: PING_FRAME,
    unknownFrame: toDifyFrame('simulated_unknown', {
      ...toCommonFields(turn),
      value: 1,
    }),
    malformedFrame: 'data: {"event":"message","answer":\n\n',
    afterDoneFrame: toDifyFrame('message', late),
  }
}

export function toMessageEndFrame(turn: DifyTurn, progress: RunProgress): string {
  const fields = {
    ...toCommonFields(turn),
    id: turn.ids.messageId,
    metadata: toDifyMetadata(turn, progress),
    files: null,
  }
  return toDifyFrame('message_end', fields)
}

/** A chat app: `message` events, then `message_end`. */
export function createChatAppSource(turn: DifyTurn): StreamSource {
  const toAnswer = createAnswerWriter(turn, 'message')

  function* createBeats(progress: RunProgress): Generator<Beat> {
    for (const token of turn.admitted.text.answer) {
      if (progress.isStopped()) break
      yield { kind: 'answer', frame: toAnswer(token) }
    }
    yield { kind: 'done', frame: toMessageEndFrame(turn, progress) }
  }

  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toDifyErrorFrame(turn, code, message)],
    ...toSharedFrames(turn),
  }
}

function toThoughtFrame(turn: DifyTurn, position: number, fields: JsonObject): string {
  const id = toDerivedUuid(turn.admitted.idKey, `thought ${String(position)}`)
  const empty = {
    thought: '',
    observation: '',
    tool: '',
    tool_labels: {},
    tool_input: '',
    message_files: [],
  }
  return toDifyFrame('agent_thought', {
    ...toCommonFields(turn),
    id,
    position,
    ...empty,
    ...fields,
  })
}

/** The same thought is sent three times as it fills: empty, with its tool, with what the tool saw. */
function* toToolBeats(turn: DifyTurn, tools: readonly SimulatedTool[]): Generator<Beat> {
  for (const [index, tool] of tools.entries()) {
    const position = index + 1
    const called = {
      tool: tool.name,
      tool_labels: { [tool.name]: { en_US: tool.name, zh_Hans: tool.name } },
      tool_input: JSON.stringify({ [tool.name]: tool.input }),
      thought: 'I should look that up.',
    }
    const observation = JSON.stringify({ [tool.name]: 'ok' })
    yield { kind: 'step', frame: toThoughtFrame(turn, position, {}) }
    yield { kind: 'block', frame: toThoughtFrame(turn, position, called) }
    yield {
      kind: 'step',
      frame: toThoughtFrame(turn, position, { ...called, observation }),
    }
  }
}

/** An agent app: thoughts with tool calls, `agent_message` events, a last thought, then `message_end`. */
export function createAgentAppSource(turn: DifyTurn): StreamSource {
  const toAnswer = createAnswerWriter(turn, 'agent_message')
  const tools = toSimulatedTools(turn.admitted.seed, turn.admitted.plan.tools)

  function* createBeats(progress: RunProgress): Generator<Beat> {
    yield* toToolBeats(turn, tools)
    yield { kind: 'block', frame: toThoughtFrame(turn, tools.length + 1, {}) }
    for (const token of turn.admitted.text.answer) {
      if (progress.isStopped()) break
      yield { kind: 'answer', frame: toAnswer(token) }
    }
    const thought = toAnswerText(turn, progress)
    yield {
      kind: 'block',
      frame: toThoughtFrame(turn, tools.length + 1, { thought }),
    }
    yield { kind: 'done', frame: toMessageEndFrame(turn, progress) }
  }

  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toDifyErrorFrame(turn, code, message)],
    ...toSharedFrames(turn),
  }
}
