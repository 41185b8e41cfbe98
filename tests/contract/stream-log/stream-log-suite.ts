import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogFrame, StreamLog } from '../../../backend/src/stream-log/stream-log.ts'

function toFrame(seq: number, isTerminal = false): LogFrame {
  return { seq, data: JSON.stringify({ type: isTerminal ? 'finish' : 'text-delta', seq }), isTerminal }
}

function createViewer() {
  const seen: number[] = []
  let ends = 0
  return {
    seen,
    ends: () => ends,
    onFrames: (frames: readonly LogFrame[]) => {
      for (const frame of frames) seen.push(frame.seq)
    },
    onEnd: () => {
      ends += 1
    },
  }
}

/** What every stream log must do. `open` gives a fresh, empty one. */
export function describeStreamLog(name: string, open: () => Promise<StreamLog>): void {
  describe(`stream log: ${name}`, () => {
    let log: StreamLog
    beforeEach(async () => {
      log = await open()
    })
    afterEach(() => log.close())

    const append = (fence: number, expectedLastSeq: number, ...frames: LogFrame[]) =>
      log.append([{ generationId: 'g', fence, expectedLastSeq, frames }])

    it('never lets an append create a log', async () => {
      expect(await append(1, 0, toFrame(1))).toEqual(['refused'])
      expect(await log.findState('g')).toBeNull()
    })

    it('opens once', async () => {
      expect(await log.open('g', 1, 0)).toBe(true)
      expect(await log.open('g', 2, 0)).toBe(false)
    })

    it('refuses a wrong last seq and writes nothing then', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1))
      expect(await append(1, 0, toFrame(1))).toEqual(['refused'])
      expect(await append(1, 2, toFrame(3))).toEqual(['refused'])
      expect((await log.read('g', 0))?.map((frame) => frame.seq)).toEqual([1])
    })

    it('refuses the former owner after a seal, and takes the new one', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1))
      expect(await log.seal('g', 2)).toBe(1)
      expect(await append(1, 1, toFrame(2))).toEqual(['refused'])
      expect(await append(2, 1, toFrame(2))).toEqual(['appended'])
    })

    it('does not lower a fence', async () => {
      await log.open('g', 5, 0)
      await log.seal('g', 3)
      expect(await append(3, 0, toFrame(1))).toEqual(['refused'])
      expect(await append(5, 0, toFrame(1))).toEqual(['appended'])
    })

    it('replaces a log, but not that of a newer owner; its viewers are told', async () => {
      await log.open('g', 2, 0)
      await append(2, 0, toFrame(1))
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      expect(await log.replace('g', 1, 100)).toBe(false)
      expect(await log.replace('g', 3, 100)).toBe(true)
      await expect.poll(() => viewer.ends()).toBe(1)
      expect(await append(2, 1, toFrame(2))).toEqual(['refused'])
      expect(await append(3, 100, toFrame(101))).toEqual(['appended'])
      expect(await log.read('g', 0)).toBeNull()
      expect(await log.replace('none', 1, 0)).toBe(false)
    })

    it('takes appends of many generations in one call, each judged alone', async () => {
      await log.open('a', 1, 0)
      await log.open('b', 1, 0)
      const outcomes = await log.append([
        { generationId: 'a', fence: 1, expectedLastSeq: 0, frames: [toFrame(1)] },
        { generationId: 'b', fence: 9, expectedLastSeq: 0, frames: [toFrame(1)] },
      ])
      expect(outcomes).toEqual(['appended', 'refused'])
    })

    it('takes nothing after the terminal frame', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1), toFrame(2, true))
      expect(await append(1, 2, toFrame(3))).toEqual(['refused'])
      expect(await log.findState('g')).toEqual({ fence: 1, firstSeq: 1, lastSeq: 2, isClosed: true })
    })

    it('replays, then goes on live, without a gap or a double', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1), toFrame(2))
      const viewer = createViewer()
      await log.subscribe('g', 1, viewer)
      await append(1, 2, toFrame(3))
      await append(1, 3, toFrame(4, true))
      await expect.poll(() => viewer.ends()).toBe(1)
      expect(viewer.seen).toEqual([2, 3, 4])
    })

    it('ends a viewer who comes after the end', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1, true))
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      await expect.poll(() => viewer.ends()).toBe(1)
      expect(viewer.seen).toEqual([1])
    })

    it('gives a viewer who left nothing more', async () => {
      await log.open('g', 1, 0)
      const gone = createViewer()
      const stays = createViewer()
      const leave = await log.subscribe('g', 0, gone)
      await log.subscribe('g', 0, stays)
      leave?.()
      await append(1, 0, toFrame(1, true))
      await expect.poll(() => stays.seen).toEqual([1])
      expect(gone.seen).toEqual([])
    })

    it('refuses a place outside what it holds', async () => {
      await log.open('g', 1, 100)
      await append(1, 100, toFrame(101))
      expect(await log.subscribe('g', 99, createViewer())).toBeNull()
      expect(await log.subscribe('g', 102, createViewer())).toBeNull()
      expect(await log.subscribe('none', 0, createViewer())).toBeNull()
      expect((await log.read('g', 100))?.map((frame) => frame.seq)).toEqual([101])
    })

    it('ends viewers when it expires', async () => {
      await log.open('g', 1, 0)
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      await log.expireAfter('g', 1)
      await expect.poll(() => viewer.ends()).toBe(1)
      await expect.poll(() => log.findState('g')).toBeNull()
    })
  })
}
