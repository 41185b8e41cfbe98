import { beforeEach, describe, expect, test } from 'vitest'
import { createConnectionQueue, type ConnectionQueue, type Turn } from './connection-queue.ts'

let nowMs = 0
let started: string[] = []
let turns = new Map<string, Turn>()
let queue: ConnectionQueue = createQueue()

function createQueue(): ConnectionQueue {
  return createConnectionQueue({ maxReadsUnderWay: 2, maxUnderWay: 2, maxReadWaitMs: 1000, monotonicMs: () => nowMs })
}

beforeEach(() => {
  nowMs = 0
  started = []
  turns = new Map()
  queue = createQueue()
})

/** `w1`, `r1`: statements; `W1`, `R1`: alone. */
function enter(...names: string[]): void {
  for (const name of names) {
    const priority = name.toLowerCase().startsWith('w') ? 'write' : 'read'
    const isAlone = name.startsWith(name.charAt(0).toUpperCase())
    const entered = isAlone ? queue.enterAlone(priority) : queue.enterStatement(priority)
    void entered.then((turn) => {
      started.push(name)
      turns.set(name, turn)
    })
  }
}

async function end(name: string): Promise<void> {
  turns.get(name)?.end()
  await settle()
}

/** Lets everything run that can. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('the connection queue', () => {
  test('has a few statements under way, in order, writes first', async () => {
    enter('r1', 'r2', 'r3', 'w1', 'w2')
    await settle()
    expect(started).toEqual(['r1', 'r2'])
    await end('r1')
    await end('r2')
    expect(started).toEqual(['r1', 'r2', 'w1', 'w2'])
    await end('w2')
    expect(started.at(-1)).toBe('r3')
  })

  test('has nothing else under way with one that is alone', async () => {
    enter('r1', 'W1', 'w2')
    await settle()
    expect(started).toEqual(['r1'])
    await end('r1')
    expect(started).toEqual(['r1', 'W1'])
    await end('W1')
    expect(started).toEqual(['r1', 'W1', 'w2'])
  })

  test('counts a turn’s end once', async () => {
    enter('W1', 'W2', 'W3')
    await settle()
    await end('W1')
    await end('W1')
    expect(started).toEqual(['W1', 'W2'])
  })

  test('lets one overdue read past between writes', async () => {
    enter('W0', 'r1', 'r2')
    await settle()
    nowMs = 1001
    enter('W1', 'W2', 'W3')
    for (const name of ['W0', 'r1', 'W1', 'r2', 'W2']) await end(name)
    expect(started).toEqual(['W0', 'r1', 'W1', 'r2', 'W2', 'W3'])
  })

  test('knows how long the oldest has been waiting', async () => {
    expect(queue.oldestWaitMs()).toBe(0)
    enter('W0', 'r1')
    nowMs = 300
    enter('w2')
    await settle()
    nowMs = 500
    expect(queue.oldestWaitMs()).toBe(500)
    await end('W0')
    expect(queue.oldestWaitMs()).toBe(0)
  })
})
