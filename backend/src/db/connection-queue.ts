import type { Priority } from './connection-source.ts'

/** A turn on the one connection. Call `end` exactly once. */
export interface Turn {
  end(): void
}

export interface ConnectionQueue {
  /** A turn for one statement; a few of them are under way at once, in order. */
  enterStatement(priority: Priority): Promise<Turn>
  /** A turn alone: nothing else is under way until it ends. */
  enterAlone(priority: Priority): Promise<Turn>
  /** How long the oldest waiter has been waiting, ms. */
  oldestWaitMs(): number
}

interface Waiter {
  isAlone: boolean
  sinceMs: number
  start: (turn: Turn) => void
}

interface QueueOptions {
  /** Reads stop here: whatever is under way already stands before a write that comes next. */
  maxReadsUnderWay: number
  /** Writes go on up to here. Many hide the way to the worker and back, which is long while the event loop is busy. */
  maxUnderWay: number
  /** A read that waited so long goes before one write, so that a flood of writes does not starve reads. */
  maxReadWaitMs: number
  monotonicMs: () => number
}

/** Shares one connection: writes before reads, single statements pipelined, transactions alone. */
export function createConnectionQueue(options: QueueOptions): ConnectionQueue {
  const waiting: Record<Priority, Waiter[]> = { write: [], read: [] }
  let underWay = 0
  let isTakenAlone = false
  let wasReadLetPast = false

  function pickQueue(): Waiter[] {
    const [read] = waiting.read
    if (waiting.write.length === 0 || read === undefined) return read === undefined ? waiting.write : waiting.read
    const isOverdue = options.monotonicMs() - read.sinceMs > options.maxReadWaitMs
    return isOverdue && !wasReadLetPast ? waiting.read : waiting.write
  }

  function canStart(waiter: Waiter): boolean {
    return !isTakenAlone && underWay < toLimit(waiter)
  }

  function toLimit(waiter: Waiter): number {
    if (waiter.isAlone) return 1
    return waiter === waiting.read[0] ? options.maxReadsUnderWay : options.maxUnderWay
  }

  function startNext(): void {
    for (;;) {
      const queue = pickQueue()
      const [next] = queue
      if (next === undefined || !canStart(next)) return
      queue.shift()
      wasReadLetPast = queue === waiting.read
      underWay += 1
      isTakenAlone = next.isAlone
      next.start(createTurn(next.isAlone))
    }
  }

  function createTurn(isAlone: boolean): Turn {
    let isEnded = false
    return {
      end() {
        if (isEnded) return
        isEnded = true
        underWay -= 1
        if (isAlone) isTakenAlone = false
        startNext()
      },
    }
  }

  function enter(priority: Priority, isAlone: boolean): Promise<Turn> {
    return new Promise((resolve) => {
      waiting[priority].push({ isAlone, sinceMs: options.monotonicMs(), start: resolve })
      startNext()
    })
  }

  return {
    enterStatement: (priority) => enter(priority, false),
    enterAlone: (priority) => enter(priority, true),
    oldestWaitMs() {
      const since = [...waiting.write.slice(0, 1), ...waiting.read.slice(0, 1)].map((waiter) => waiter.sinceMs)
      return since.length === 0 ? 0 : options.monotonicMs() - Math.min(...since)
    },
  }
}
