import { type Exchange, sendReply } from '../http/exchange.ts'
import { openStreamOutput } from '../run/stream-output.ts'
import type { AppStore, StoredRun } from './app-store.ts'
import { DIFY_STREAM_HEADERS } from './chat-messages.ts'
import { toDifyRefusal } from './dify-error.ts'
import { toDifyFrame } from './dify-turn.ts'

function findRun(store: AppStore, id: string): StoredRun | null {
  const byTask = store.runs.find(id)
  if (byTask !== null) return byTask
  return store.runs.list().find((stored) => stored.ids.workflowRunId === id) ?? null
}

/** The state so far: the start of the workflow, the text so far as one replacement, and the events of the nodes. */
function listSnapshotFrames(stored: StoredRun): string[] {
  const { run, ids, answerTokens } = stored
  const answer = answerTokens.slice(0, run.progress.answerTokens).join('')
  const fields = {
    task_id: ids.taskId,
    message_id: ids.messageId,
    conversation_id: ids.conversationId,
    reason: '',
  }
  const isOf = (prefix: string) => (frame: string) => frame.startsWith(`data: {"event":"${prefix}`)
  return [
    ...run.frames.filter(isOf('workflow_started')),
    ...(answer === '' ? [] : [toDifyFrame('message_replace', { ...fields, answer })]),
    ...run.frames.filter(isOf('node_')),
  ]
}

/** `GET workflow/:id/events`: a finished run answers one `workflow_finished`, a running one its further events. */
export function handleWorkflowEvents(store: AppStore, exchange: Exchange, id: string): void {
  const stored = findRun(store, id)
  if (stored === null || !stored.isWorkflow || stored.user !== exchange.query.get('user')) {
    sendReply(exchange.response, toDifyRefusal(404, 'not_found', 'Workflow run not found.'))
    return
  }
  const output = openStreamOutput(exchange.response, {
    headers: DIFY_STREAM_HEADERS,
  })
  if (stored.run.isEnded) {
    if (stored.finishedFrame !== null) output.write(stored.finishedFrame)
    output.end()
    return
  }
  if (exchange.query.get('include_state_snapshot') === 'true') {
    for (const frame of listSnapshotFrames(stored)) output.write(frame)
  }
  stored.run.attach(output)
}
