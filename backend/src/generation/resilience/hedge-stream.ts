import type { Clock } from '../../base/clock.ts'
import type { ProviderCall } from '../../providers/provider-adapter.ts'
import { isContentPart, type ProviderPart, type UpstreamIds } from '../../providers/provider-part.ts'
import type { AttemptDeps, StreamOptions } from '../attempt-answer.ts'

export interface HedgeDeps {
  clock: Clock
  streamAnswer: AttemptDeps['streamAnswer']
  hedgeAfterMs: number
  /** The second request, or null when it may not be sent. */
  openSecond: () => { call: ProviderCall; onDecided: () => void } | null
  /** The request that lost, with what its upstream called it: its connection is closed already. */
  onLost: (call: ProviderCall, ids: UpstreamIds) => void
}

type Step = { isDone: true } | { isDone: false; parts: ProviderPart[] }

interface Leg {
  call: ProviderCall
  abort: AbortController
  steps: AsyncIterator<ProviderPart[]>
  /** The step under way. */
  next: Promise<{ leg: Leg; step: Step }> | null
  /** What came before any content: shown only if this leg wins. */
  held: ProviderPart[][]
  ids: UpstreamIds
}

/**
 * Like `streamAnswer`, but after `hedgeAfterMs` without content a second request races the first. The first content
 * wins, the other is aborted; one that fails leaves the race to the other. Nothing of the loser gets out, neither ids nor
 * usage.
 */
export async function* hedgeStream(
  deps: HedgeDeps,
  call: ProviderCall,
  options: StreamOptions,
): AsyncGenerator<ProviderPart[], void, undefined> {
  const legs: Leg[] = [openLeg(deps, call, options)]
  let onDecided = (): void => undefined
  let cancelTimer = (): void => undefined
  let timer: Promise<null> | null = new Promise((resolve) => {
    cancelTimer = deps.clock.setTimer(deps.hedgeAfterMs, () => resolve(null))
  })
  try {
    for (;;) {
      const arrived = await Promise.race([...legs.map(step), ...(timer ? [timer] : [])])
      if (arrived === null) {
        timer = null
        const second = deps.openSecond()
        if (!second) continue
        onDecided = second.onDecided
        legs.push(openLeg(deps, second.call, options))
        continue
      }
      const { leg, step: taken } = arrived
      leg.next = null
      const isOver = taken.isDone || taken.parts.some((part) => part.type === 'failure')
      if (isOver && legs.length > 1) {
        legs.splice(legs.indexOf(leg), 1)
        lose(deps, leg)
        onDecided()
        continue
      }
      if (!taken.isDone) leg.held.push(taken.parts)
      // With one leg left, and no second to come, there is no race any more.
      const isWinner = isOver || (!taken.isDone && taken.parts.some(isContentPart)) || (!timer && legs.length === 1)
      if (!isWinner) continue
      for (const other of legs) if (other !== leg) lose(deps, other)
      onDecided()
      yield* leg.held
      if (!taken.isDone) yield* { [Symbol.asyncIterator]: () => leg.steps }
      return
    }
  } finally {
    cancelTimer()
    for (const leg of legs) leg.abort.abort()
    onDecided()
  }
}

function openLeg(deps: HedgeDeps, call: ProviderCall, options: StreamOptions): Leg {
  const abort = new AbortController()
  const signal = AbortSignal.any([options.signal, abort.signal])
  const steps = deps.streamAnswer(call, { ...options, signal })[Symbol.asyncIterator]()
  return { call, abort, steps, next: null, held: [], ids: {} }
}

function step(leg: Leg): Promise<{ leg: Leg; step: Step }> {
  leg.next ??= leg.steps.next().then((result) => {
    if (result.done === true) return { leg, step: { isDone: true } }
    for (const part of result.value) if (part.type === 'ids') leg.ids = { ...leg.ids, ...part.ids }
    return { leg, step: { isDone: false, parts: result.value } }
  })
  return leg.next
}

function lose(deps: HedgeDeps, leg: Leg): void {
  leg.abort.abort()
  // Nobody waits for it: what it still says or throws is of no interest.
  leg.next?.catch(() => undefined)
  leg.steps.return?.()?.catch(() => undefined)
  deps.onLost(leg.call, leg.ids)
}
