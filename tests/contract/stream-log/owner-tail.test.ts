import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { openOwnerTail } from '../../../backend/src/stream-log/owner-tail.ts'
import type { LogFrame } from '../../../backend/src/stream-log/stream-log.ts'
import { openRedisLog, type RedisLogPlace } from '../../support/open-redis-log.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { openTcpProxy } from '../../support/tcp-proxy.ts'
import { countFrom, createViewer, toFrame, toFrames, toSeqs } from './log-viewer.ts'

const patience = { timeout: 15_000 }

let server: RedisServer
/** Two instances: the one that owns the generation, and another. */
let owner: RedisLogPlace
let other: RedisLogPlace

beforeAll(async () => {
  server = await openRedisServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  owner = await openRedisLog(server.url)
  other = await openRedisLog(server.url)
  await owner.link.commands.flushall()
})
afterEach(async () => {
  await owner.close()
  await other.close()
})

function append(place: RedisLogPlace, fence: number, expectedLastSeq: number, ...frames: LogFrame[]) {
  return place.tail.append([{ generationId: 'g', fence, expectedLastSeq, frames }])
}

/** One frame per append, as a writer does it: the next waits for the acknowledgement. */
async function write(fromSeq: number, toSeq: number): Promise<void> {
  for (let seq = fromSeq; seq <= toSeq; seq++)
    expect(await append(owner, 1, seq - 1, toFrame(seq))).toEqual(['appended'])
}

async function becomesUp(): Promise<void> {
  await expect.poll(() => owner.link.isUp() && other.link.isUp(), patience).toBe(true)
}

async function catchesUp(): Promise<void> {
  await becomesUp()
  await expect.poll(() => owner.tail.isDegraded(), patience).toBe(false)
}

describe('two instances on one Redis', () => {
  it('shows a viewer elsewhere what the owner writes, once, through to the end', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 5)
    const near = createViewer()
    const far = createViewer()
    await owner.tail.subscribe('g', 2, near)
    await other.tail.subscribe('g', 2, far)
    await write(6, 20)
    await append(owner, 1, 20, toFrame(21, true))
    await expect.poll(() => far.ends()).toBe(1)
    expect(far.seen).toEqual(countFrom(3, 21))
    expect(near.seen).toEqual(countFrom(3, 21))
    expect(near.ends()).toBe(1)
  })

  it('never takes a viewer for lost because its log was looked at while an append came in', async () => {
    const ids = countFrom(1, 20).map((index) => `busy-${index}`)
    const viewers = ids.map(() => createViewer())
    for (const [index, id] of ids.entries()) {
      await owner.tail.open(id, 1, 0)
      await other.tail.subscribe(id, 0, viewers[index] ?? createViewer())
    }
    for (let at = 0; at < 100; at++)
      await owner.tail.append(
        ids.map((generationId) => ({ generationId, fence: 1, expectedLastSeq: at, frames: [toFrame(at + 1)] })),
      )
    await expect.poll(() => viewers.every((viewer) => viewer.seen.length === 100)).toBe(true)
    expect(viewers.map((viewer) => viewer.ends())).toEqual(viewers.map(() => 0))
  })

  it('keeps the reader at one connection, whatever is watched', async () => {
    const before = await countClients()
    for (let index = 0; index < 50; index++) {
      await owner.tail.open(`many-${index}`, 1, 0)
      for (let viewer = 0; viewer < 3; viewer++) await other.tail.subscribe(`many-${index}`, 0, createViewer())
    }
    expect(await countClients()).toBe(before)
    // Two instances with commands, subscriber and reader each.
    expect(before).toBe(6)
  })

  it('lets the new owner go on where the old one was, for the viewers of both', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 3)
    const atOld = createViewer()
    const atNew = createViewer()
    await owner.tail.subscribe('g', 0, atOld)
    await other.tail.subscribe('g', 0, atNew)
    expect(await other.tail.seal('g', 2)).toBe(3)
    expect(await append(owner, 1, 3, toFrame(4, false, 'old'))).toEqual(['refused'])
    expect(await append(other, 2, 3, toFrame(4, false, 'new'))).toEqual(['appended'])
    await append(other, 2, 4, toFrame(5, true))
    await expect.poll(() => [atOld.ends(), atNew.ends()]).toEqual([1, 1])
    for (const viewer of [atOld, atNew]) {
      expect(viewer.seen).toEqual(countFrom(1, 5))
      expect(viewer.frames[3]).toEqual(toFrame(4, false, 'new'))
    }
  })

  it('tells an owner with nothing to say, by its renewal, that it has been superseded', async () => {
    await owner.tail.open('g', 1, 0)
    const viewer = createViewer()
    await owner.tail.subscribe('g', 0, viewer)
    await other.tail.seal('g', 2)
    // The first tells what was written since the last; only a log that was silent from then on is asked about.
    await owner.tail.renew(['g'])
    await owner.tail.renew(['g'])
    await append(other, 2, 0, toFrame(1, true))
    await expect.poll(() => viewer.seen).toEqual([1])
  })

  it('goes on for the viewers here when ownership is released', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 2)
    const viewer = createViewer()
    await owner.tail.subscribe('g', 0, viewer)
    owner.tail.release('g')
    await other.tail.seal('g', 2)
    await append(other, 2, 2, toFrame(3, true))
    await expect.poll(() => viewer.ends()).toBe(1)
    expect(viewer.seen).toEqual([1, 2, 3])
  })

  it('lets a log that nobody renews go, and keeps one that is renewed', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 1)
    await owner.redisLog.expireAfter('g', 300)
    await owner.tail.renew(['g'])
    const lives = await Promise.all(
      ['log:g', 'log-state:g'].map((name) => owner.link.commands.pttl(owner.link.toKey(name))),
    )
    for (const life of lives) expect(life).toBeGreaterThan(50_000)
    await append(owner, 1, 1, toFrame(2, true))
    await owner.tail.expireAfter('g', 400)
    await owner.tail.renew(['g'])
    expect(toSeqs(await other.tail.read('g', 0))).toEqual([1, 2])
    await expect.poll(() => other.tail.findState('g'), patience).toBeNull()
  })

  it('reads back for a late viewer what it no longer holds itself', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 10)
    await owner.tail.trim([{ generationId: 'g', seq: 8 }])
    const viewer = createViewer()
    await owner.tail.subscribe('g', 2, viewer)
    await write(11, 12)
    expect(viewer.seen).toEqual(countFrom(3, 12))
  })

  async function countClients(): Promise<number> {
    const list = String(await owner.link.commands.call('CLIENT', 'LIST'))
    return list.trim().split('\n').length
  }
})

describe('Redis away', () => {
  it('goes on in memory when Redis is killed, and brings all back to an empty one under the same numbers', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 5)
    const near = createViewer()
    const far = createViewer()
    await owner.tail.subscribe('g', 0, near)
    await other.tail.subscribe('g', 0, far)
    await expect.poll(() => far.seen.length).toBe(5)
    await server.kill()
    await write(6, 30)
    expect(near.seen).toEqual(countFrom(1, 30))
    expect([owner.tail.isBehind('g'), owner.tail.isDegraded()]).toEqual([true, true])
    expect(toSeqs(await owner.tail.read('g', 3))).toEqual(countFrom(4, 30))
    await server.start()
    await catchesUp()
    await write(31, 35)
    await append(owner, 1, 35, toFrame(36, true))
    await expect.poll(() => far.ends(), patience).toBe(1)
    expect(far.seen).toEqual(countFrom(1, 36))
    expect(near.seen).toEqual(countFrom(1, 36))
    expect(toSeqs(await other.tail.read('g', 0))).toEqual(countFrom(1, 36))
  })

  it('survives a Redis that stands still with appends under way, whatever became of them', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 5)
    const near = createViewer()
    const far = createViewer()
    await owner.tail.subscribe('g', 0, near)
    await other.tail.subscribe('g', 0, far)
    process.kill(server.pid(), 'SIGSTOP')
    try {
      // The first is given up after a second, and runs in Redis when that goes on.
      await write(6, 40)
      expect(near.seen).toEqual(countFrom(1, 40))
      expect(owner.tail.isBehind('g')).toBe(true)
    } finally {
      process.kill(server.pid(), 'SIGCONT')
    }
    await write(41, 60)
    await catchesUp()
    await append(owner, 1, 60, toFrame(61, true))
    await expect.poll(() => far.ends(), patience).toBe(1)
    expect(far.seen).toEqual(countFrom(1, 61))
    expect(near.seen).toEqual(countFrom(1, 61))
    expect(await other.redisLog.read('g', 0)).toEqual([...toFrames(1, 60), toFrame(61, true)])
  })

  it('takes a given-up append that ran after all for its own', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 3)
    // As if the reply had been lost: it is in Redis, and the owner does not know.
    await owner.redisLog.tryAppend([{ generationId: 'g', fence: 1, expectedLastSeq: 3, frames: [toFrame(4)] }])
    expect(await append(owner, 1, 3, toFrame(4))).toEqual(['appended'])
    await write(5, 6)
    expect(owner.tail.isBehind('g')).toBe(false)
    expect(toSeqs(await other.tail.read('g', 0))).toEqual(countFrom(1, 6))
  })

  it('asks before it shows anything when it was this process that stood still', async () => {
    let skewMs = 0
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + skewMs }
    const { link, redisLog } = owner
    // Wakes up after 20 s and finds its append given up; whether it ran, only Redis can tell.
    const tryAppend: typeof redisLog.tryAppend = async (requests) => {
      await redisLog.tryAppend(requests)
      skewMs += 20_000
      return requests.map(() => 'unknown')
    }
    const tail = openOwnerTail({
      clock,
      logger: silentLogger,
      link,
      redisLog: { ...redisLog, tryAppend },
      isOwnershipCertain: () => true,
    })
    await tail.open('g', 1, 0)
    const viewer = createViewer()
    await tail.subscribe('g', 0, viewer)
    const request = (seq: number) => ({ generationId: 'g', fence: 1, expectedLastSeq: seq - 1, frames: [toFrame(seq)] })
    expect(await tail.append([request(1)])).toEqual(['appended'])
    expect([tail.isBehind('g'), viewer.seen]).toEqual([false, [1]])
    await other.tail.seal('g', 2)
    expect(await tail.append([request(2)])).toEqual(['refused'])
    expect(await append(other, 2, 1, toFrame(2, true, 'new'))).toEqual(['appended'])
    await expect.poll(() => viewer.frames).toEqual([toFrame(1), toFrame(2, true, 'new')])
  })

  it('goes on when only its own way to Redis is cut, and so do viewers elsewhere when it is back', async () => {
    const proxy = await openTcpProxy(server)
    const cut = await openRedisLog(`redis://127.0.0.1:${proxy.port}`)
    const viewer = createViewer()
    const far = createViewer()
    try {
      await owner.tail.open('theirs', 1, 0)
      await cut.tail.open('g', 1, 0)
      await append(cut, 1, 0, toFrame(1))
      await cut.tail.subscribe('theirs', 0, viewer)
      await other.tail.subscribe('g', 0, far)
      // Silently: no connection is closed, nothing goes through any more.
      proxy.silence()
      proxy.pause()
      for (let seq = 2; seq <= 20; seq++) expect(await append(cut, 1, seq - 1, toFrame(seq))).toEqual(['appended'])
      await owner.tail.append([{ generationId: 'theirs', fence: 1, expectedLastSeq: 0, frames: [toFrame(1)] }])
      expect(toSeqs(await other.tail.read('g', 0))).toEqual([1])
      expect(cut.tail.isBehind('g')).toBe(true)
      proxy.heal()
      await expect.poll(() => cut.tail.isDegraded(), patience).toBe(false)
      await expect.poll(() => far.seen, patience).toEqual(countFrom(1, 20))
      await expect.poll(() => viewer.seen, patience).toEqual([1])
      await owner.tail.append([{ generationId: 'theirs', fence: 1, expectedLastSeq: 1, frames: [toFrame(2, true)] }])
      await expect.poll(() => viewer.ends(), patience).toBe(1)
      expect(viewer.seen).toEqual([1, 2])
    } finally {
      await cut.close()
      await proxy.close()
    }
  })

  it('delivers the terminal frame that was written while Redis was away, and lets the log expire then', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 2)
    const far = createViewer()
    await other.tail.subscribe('g', 0, far)
    await server.kill()
    await write(3, 4)
    const near = createViewer()
    await owner.tail.subscribe('g', 0, near)
    expect(await append(owner, 1, 4, toFrame(5, true))).toEqual(['appended'])
    expect(near.why()).toBe('ended')
    await owner.tail.expireAfter('g', 5000)
    await server.start()
    await expect.poll(() => far.why(), patience).toBe('ended')
    expect(far.seen).toEqual(countFrom(1, 5))
    await expect.poll(() => owner.link.commands.pttl(owner.link.toKey('log:g')), patience).toBeLessThanOrEqual(5000)
    expect(owner.tail.isBehind('g')).toBe(false)
  })

  it('never brings back a log that a newer owner has sealed; who saw more than it holds is told so', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 2)
    await server.kill()
    await write(3, 4)
    const ahead = createViewer()
    await owner.tail.subscribe('g', 0, ahead)
    await server.start()
    await expect.poll(() => other.link.isUp(), patience).toBe(true)
    // Of two owners only the one with the higher fence can win, whoever finds the empty Redis first.
    if (!(await other.redisLog.open('g', 2, 100))) await other.redisLog.seal('g', 2)
    const state = await other.redisLog.findState('g')
    await expect.poll(() => append(owner, 1, 4, toFrame(5)), patience).toEqual(['refused'])
    expect(await append(owner, 1, 5, toFrame(6))).toEqual(['refused'])
    expect(await other.redisLog.findState('g')).toEqual(state)
    expect(state?.fence).toBe(2)
    if (state?.firstSeq === 101) expect(ahead.why()).toBe('lost')
  })

  it('begins a generation while Redis is away', async () => {
    await server.kill()
    await expect.poll(() => owner.link.isUp()).toBe(false)
    expect(await owner.tail.open('g', 1, 0)).toBe(true)
    await write(1, 3)
    await server.start()
    await catchesUp()
    expect(toSeqs(await other.tail.read('g', 0))).toEqual([1, 2, 3])
  })

  it('makes a log anew that vanished without an outage', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 3)
    await owner.link.commands.flushall()
    await write(4, 5)
    expect(toSeqs(await other.tail.read('g', 0))).toEqual(countFrom(1, 5))
  })

  it('begins a vanished log at the checkpoint when the older frames are gone', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 6)
    await owner.tail.trim([{ generationId: 'g', seq: 4 }])
    await owner.link.commands.flushall()
    await write(7, 7)
    expect(await other.tail.read('g', 3)).toBeNull()
    expect(toSeqs(await other.tail.read('g', 4))).toEqual([5, 6, 7])
  })

  it('appends anew what Redis had acknowledged and lost again', async () => {
    await owner.tail.open('g', 1, 0)
    await write(1, 3)
    const names = ['log:g', 'log-state:g'].map((name) => owner.link.toKey(name))
    const saved = await Promise.all(names.map((name) => owner.link.commands.dumpBuffer(name)))
    await write(4, 6)
    // As after a fail-over to a replica that had not got everything.
    for (const [index, name] of names.entries())
      await owner.link.commands.restore(name, 60_000, saved[index] ?? Buffer.alloc(0), 'REPLACE')
    await write(7, 8)
    expect(toSeqs(await other.tail.read('g', 0))).toEqual(countFrom(1, 8))
  })

  it('refuses to seal while Redis is away: nobody may take over what cannot be fenced', async () => {
    await owner.tail.open('g', 1, 0)
    await server.kill()
    await expect(other.tail.seal('g', 2)).rejects.toThrow('out of reach')
    await server.start()
    await becomesUp()
  })
})
