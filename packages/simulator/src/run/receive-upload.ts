import { type Exchange, type Reply, sendReply } from '../http/exchange.ts'
import type { ShelvedFile } from '../http/file-shelf.ts'
import { readForm, type UploadedForm } from '../http/read-form.ts'
import { selectPlan } from '../plan/select-plan.ts'
import type { SimulatorContext } from './simulator-context.ts'

interface UploadReplies {
  tooLarge: Reply
  failed: Reply
  missing: Reply
  /** Keeps the file. */
  accept(file: ShelvedFile, fields: ReadonlyMap<string, string>): Reply
}

/**
 * The plan of `apiKey` decides what becomes of the file. `failedKeys`: those that have failed once already. `read`: how the
 * file stands in the body; a form unless said.
 */
export function receiveUpload(
  context: Pick<SimulatorContext, 'defaultPlan'>,
  exchange: Exchange,
  options: {
    apiKey: string | null
    failedKeys: Set<string>
    replies: UploadReplies
    read?: (exchange: Exchange) => Promise<UploadedForm>
  },
): void {
  const { apiKey, failedKeys, replies, read = readForm } = options
  const { plan } = selectPlan({ prompt: '', model: null, apiKey, header: null, defaultPlan: context.defaultPlan })
  if (plan.upload === 'stall') return
  if (plan.upload === 'too-large') {
    sendReply(exchange.response, replies.tooLarge)
    return
  }
  const key = apiKey ?? ''
  if (plan.upload === 'fail-once' && !failedKeys.has(key)) {
    failedKeys.add(key)
    sendReply(exchange.response, replies.failed)
    return
  }
  void read(exchange).then(
    (form) => sendReply(exchange.response, form.file ? replies.accept(form.file, form.fields) : replies.missing),
    () => sendReply(exchange.response, replies.missing),
  )
}
