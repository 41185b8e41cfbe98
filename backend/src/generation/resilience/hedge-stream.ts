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

interface Leg {
  call: ProviderCall
  abort: AbortController
  steps: AsyncGenerator<ProviderPart[], void, undefined>
  /** The step under way. */
  next: Promise<Leg> | null
  isDone: boolean
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
  const race = openRace(deps, call, options)
  try {
    const winner = await race.findWinner()
    yield* winner.held
    if (!winner.isDone) yield* winner.steps
  } finally {
    race.close()
  }
}

function openRace(
  deps: HedgeDeps,
  call: ProviderCall,
  options: StreamOptions,
): { findWinner: () => Promise<Leg>; close: () => void } {
  const legs = [openLeg(deps, call, options)]
  let onDecided = (): void => undefined
  let cancelTimer = (): void => undefined
  let timer: Promise<null> | null = new Promise((resolve) => {
    cancelTimer = deps.clock.setTimer(deps.hedgeAfterMs, () => resolve(null))
  })

  function startSecond(): void {
    timer = null
    const second = deps.openSecond()
    if (!second) return
    onDecided = second.onDecided
    legs.push(openLeg(deps, second.call, options))
  }

  function drop(leg: Leg): void {
    legs.splice(legs.indexOf(leg), 1)
    onDecided()
    leg.abort.abort()
    // Nobody waits for it: what it still says or throws is of no interest.
    leg.next?.catch(() => undefined)
    leg.steps.return().catch(() => undefined)
    deps.onLost(leg.call, leg.ids)
  }

  /** With one leg left, and no second to come, there is no race any more. */
  const isAlone = (): boolean => timer === null && legs.length === 1

  return {
    async findWinner() {
      for (;;) {
        const leg = await Promise.race([...legs.map(step), ...(timer ? [timer] : [])])
        if (leg === null) {
          startSecond()
          continue
        }
        leg.next = null
        const news = leg.isDone ? [] : (leg.held.at(-1) ?? [])
        const isOver = leg.isDone || news.some((part) => part.type === 'failure')
        if (isOver && legs.length > 1) drop(leg)
        else if (isOver || isAlone() || news.some(isContentPart)) {
          for (const other of legs.filter((one) => one !== leg)) drop(other)
          return leg
        }
      }
    },
    close() {
      cancelTimer()
      onDecided()
      for (const leg of legs) leg.abort.abort()
    },
  }
}

function openLeg(deps: HedgeDeps, call: ProviderCall, options: StreamOptions): Leg {
  const abort = new AbortController()
  const signal = AbortSignal.any([options.signal, abort.signal])
  const steps = toGenerator(deps.streamAnswer(call, { ...options, signal }))
  return { call, abort, steps, next: null, isDone: false, held: [], ids: {} }
}

async function* toGenerator(stream: AsyncIterable<ProviderPart[]>): AsyncGenerator<ProviderPart[], void, undefined> {
  yield* stream
}

function step(leg: Leg): Promise<Leg> {
  leg.next ??= leg.steps.next().then((result) => {
    if (result.done === true) {
      leg.isDone = true
      return leg
    }
    for (const part of result.value) if (part.type === 'ids') leg.ids = { ...leg.ids, ...part.ids }
    leg.held.push(result.value)
    return leg
  })
  return leg.next
}
