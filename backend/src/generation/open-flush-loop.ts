import type { Failpoints } from '../base/failpoints.ts'
import type { StreamLog } from '../stream-log/stream-log.ts'
import type { GenerationWriter } from './generation-writer.ts'

interface FlushLoop {
  /** Has the writer flushed together with all others that got something in this turn of the event loop. */
  schedule(writer: GenerationWriter): void
}

/**
 * One append call for all generations that have something to say. Upstream bytes are gathered per tick already
 * (outbound client), so flushing at the end of the same turn adds no delay and still makes one call per tick.
 */
export function openFlushLoop(deps: {
  streamLog: StreamLog
  failpoints: Failpoints
  onError: (error: unknown) => void
}): FlushLoop {
  const dirty = new Set<GenerationWriter>()
  let isScheduled = false

  function schedule(writer: GenerationWriter): void {
    dirty.add(writer)
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      flush().catch(deps.onError)
    })
  }

  async function flush(): Promise<void> {
    const writers: GenerationWriter[] = []
    const requests = []
    for (const writer of dirty) {
      const request = writer.takeAppend()
      if (!request) continue
      writers.push(writer)
      requests.push(request)
    }
    dirty.clear()
    if (requests.length === 0) return
    deps.failpoints.hit('append:before')
    const outcomes = await deps.streamLog.append(requests)
    deps.failpoints.hit('append:after')
    writers.forEach((writer, index) => writer.acknowledge(outcomes[index] ?? 'refused'))
  }

  return { schedule }
}
