import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../../tests/support/create-manual-clock.ts'
import type { ProviderCall } from '../../providers/provider-adapter.ts'
import { toFailurePart } from '../../providers/provider-failure.ts'
import type { ProviderPart } from '../../providers/provider-part.ts'
import { hedgeStream } from './hedge-stream.ts'

type Planned = { afterMs: number; parts: ProviderPart[] }[]

const text = (delta: string): ProviderPart => ({ type: 'text', delta })
const ids = (messageId: string): ProviderPart => ({ type: 'ids', ids: { messageId } })
const usage = (inputTokens: number): ProviderPart => ({ type: 'usage', usage: { inputTokens, outputTokens: 0 } })
const finish: ProviderPart = { type: 'finish', reason: 'stop' }

/** Runs two planned requests; what got out, and what became of each. */
async function race(first: Planned, second: Planned | null) {
  const clock = createManualClock()
  const calls: string[] = []
  const aborted: string[] = []
  const lost: [string, unknown][] = []
  let decided = 0
  async function* streamAnswer(call: ProviderCall, { signal }: { signal: AbortSignal }) {
    calls.push(call.answerId)
    signal.addEventListener('abort', () => aborted.push(call.answerId))
    for (const { afterMs, parts } of call.answerId === 'first' ? first : (second ?? [])) {
      await new Promise<void>((resolve) => clock.setTimer(afterMs, resolve))
      if (signal.aborted) return
      yield parts
    }
  }
  const toCall = (answerId: string) => ({ answerId }) as ProviderCall
  const out: ProviderPart[] = []
  const done = (async () => {
    const stream = hedgeStream(
      {
        clock,
        streamAnswer,
        hedgeAfterMs: 100,
        openSecond: () => (second ? { call: toCall('second'), onDecided: () => (decided += 1) } : null),
        onLost: (call, known) => lost.push([call.answerId, known]),
      },
      toCall('first'),
      { signal: new AbortController().signal, onConnected: () => undefined },
    )
    for await (const parts of stream) out.push(...parts)
  })()
  await clock.passAsync(10_000)
  await done
  return { out, calls, aborted: aborted.slice(0, 1), lost, decided }
}

describe('hedgeStream', () => {
  it('sends one request where the first is in time', async () => {
    const result = await race(
      [
        { afterMs: 50, parts: [text('a')] },
        { afterMs: 500, parts: [finish] },
      ],
      [],
    )
    expect(result).toMatchObject({ out: [text('a'), finish], calls: ['first'], lost: [] })
  })

  it('shows the second alone where it is first, and aborts the other: neither its ids nor its usage get out', async () => {
    const slow = [
      { afterMs: 10, parts: [ids('slow'), usage(9)] },
      { afterMs: 900, parts: [text('slow'), finish] },
    ]
    const fast = [
      { afterMs: 10, parts: [ids('fast'), usage(1)] },
      { afterMs: 10, parts: [text('fast'), finish] },
    ]
    const result = await race(slow, fast)
    expect(result.out).toEqual([ids('fast'), usage(1), text('fast'), finish])
    expect(result).toMatchObject({ calls: ['first', 'second'], aborted: ['first'] })
    expect(result.lost).toEqual([['first', { messageId: 'slow' }]])
    expect(result.decided).toBeGreaterThan(0)
  })

  it('shows the first alone where it is first after all', async () => {
    const result = await race([{ afterMs: 150, parts: [text('a'), finish] }], [{ afterMs: 500, parts: [text('b')] }])
    expect(result).toMatchObject({ out: [text('a'), finish], aborted: ['second'] })
  })

  it('goes on with the other where one fails', async () => {
    const failure = toFailurePart('upstream_failed')
    const result = await race([{ afterMs: 150, parts: [failure] }], [{ afterMs: 500, parts: [text('b'), finish] }])
    expect(result.out).toEqual([text('b'), finish])
  })

  it('says the failure where both fail', async () => {
    const failure = toFailurePart('upstream_failed')
    const result = await race([{ afterMs: 150, parts: [failure] }], [{ afterMs: 500, parts: [failure] }])
    expect(result.out).toEqual([failure])
  })

  it('waits for the first where no second may be sent', async () => {
    const result = await race(
      [
        { afterMs: 400, parts: [ids('x')] },
        { afterMs: 1, parts: [text('a'), finish] },
      ],
      null,
    )
    expect(result).toMatchObject({ out: [ids('x'), text('a'), finish], calls: ['first'] })
  })
})
