import { describe, expect, it } from 'vitest'
import { emptyMessage } from '@llmchat/protocol/fold-message'
import { toPlainText } from '@llmchat/protocol/message-part'
import { systemClock } from '../base/clock.ts'
import { createLogger } from '../base/logger.ts'
import type { UpstreamIds } from '../providers/provider-part.ts'
import { openMemoryStreamLog } from '../stream-log/memory-stream-log.ts'
import { adoptRow } from './adopt-generation.ts'
import type { GenerationJob } from './generation-job.ts'
import type { GenerationRow } from './generation-repository.ts'
import { GenerationWriter, type WriterSnapshot } from './generation-writer.ts'

const run = { taskId: 't', runId: 'r' }

/** An owner that showed these texts, saved a checkpoint after `savedAfter` of them, and died. */
async function adoptAfter(shown: readonly { delta: string; upstream: UpstreamIds }[], savedAfter: number) {
  const streamLog = openMemoryStreamLog({ clock: systemClock })
  await streamLog.open('g', 1, 0)
  const options = { generationId: 'g', fence: 1, baseSeq: 0, message: emptyMessage, upstream: {} }
  const writer = new GenerationWriter({ ...options, onDirty: () => undefined })
  let saved: WriterSnapshot = writer.snapshot()
  for (const [index, { delta, upstream }] of shown.entries()) {
    if (index === savedAfter) saved = writer.snapshot()
    writer.writeParts([{ type: 'text', delta }], upstream)
    const request = writer.takeAppend() ?? expect.fail('nothing to append')
    const [outcome = 'refused'] = await streamLog.append([request])
    writer.acknowledge(outcome)
  }
  const resumed: GenerationJob[] = []
  const row = { id: 'g', fence: 2, checkpoint: saved.message, checkpointSeq: saved.seq, upstream: saved.upstream }
  await adoptRow(
    {
      logger: createLogger({ level: 'silent' }),
      streamLog,
      findJob: async () => ({ agent: { id: 'a' } }) as GenerationJob,
      findAgent: async () => null,
      resume: (job) => resumed.push(job),
      conclude: () => expect.fail('ended'),
      release: async () => expect.fail('given up'),
    },
    { ...row, adoptions: 1, ageMs: 0, isStopRequested: false } as GenerationRow,
  )
  const adopted = resumed[0]?.adopted ?? expect.fail('not resumed')
  return { text: toPlainText(adopted.message.parts), upstream: adopted.upstream }
}

describe('what an adopter knows of the run upstream', () => {
  it('comes from the log where no checkpoint has it, with what was shown since', async () => {
    const shown = [
      { delta: 'one', upstream: { ...run, sequence: 1 } },
      { delta: ' two', upstream: { ...run, sequence: 2 } },
    ]
    expect(await adoptAfter(shown, 0)).toEqual({ text: 'one two', upstream: { ...run, sequence: 1, ahead: 4 } })
  })

  it('comes from the checkpoint where that is later', async () => {
    const shown = [
      { delta: 'one', upstream: { ...run, sequence: 1 } },
      { delta: ' two', upstream: { ...run, sequence: 2 } },
      { delta: ' three', upstream: { ...run, sequence: 3 } },
    ]
    expect(await adoptAfter(shown, 2)).toEqual({ text: 'one two three', upstream: { ...run, sequence: 2, ahead: 6 } })
  })

  it('is of the newest run', async () => {
    const shown = [
      { delta: 'one', upstream: run },
      { delta: ' two', upstream: { ...run, runId: 's' } },
    ]
    expect(await adoptAfter(shown, 0)).toEqual({ text: 'one two', upstream: { ...run, runId: 's' } })
  })
})
