import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { maxLogBytes, type LogFrame, type StreamLog } from '../../../backend/src/stream-log/stream-log.ts'
import { countFrom, createViewer, toFrame, toFrames, toSeqs } from './log-viewer.ts'

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
      expect(toSeqs(await log.read('g', 0))).toEqual([1])
    })

    it('keeps what an owner leaves for the next one with its frame, in the same numbers', async () => {
      await log.open('g', 1, 0)
      const noted = { ...toFrame(2), ownerNote: JSON.stringify({ runId: 'r' }) }
      expect(await append(1, 0, toFrame(1), noted, toFrame(3))).toEqual(['appended'])
      expect(await append(1, 3, { ...toFrame(4, true), ownerNote: '{}' })).toEqual(['appended'])
      expect(await log.read('g', 1)).toEqual([noted, toFrame(3), { ...toFrame(4, true), ownerNote: '{}' }])
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
      expect(toSeqs(await log.read('g', 100))).toEqual([101])
    })

    it('ends viewers when it expires', async () => {
      await log.open('g', 1, 0)
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      await log.expireAfter('g', 1)
      await expect.poll(() => viewer.ends()).toBe(1)
      await expect.poll(() => log.findState('g')).toBeNull()
    })

    it('tells a viewer why it ends', async () => {
      await log.open('g', 1, 0)
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      await append(1, 0, toFrame(1, true))
      await expect.poll(() => viewer.why()).toBe('ended')
    })

    it('begins anew above what it had, and says so to its viewers', async () => {
      await log.open('g', 1, 0)
      await append(1, 0, toFrame(1))
      const viewer = createViewer()
      await log.subscribe('g', 0, viewer)
      expect(await log.restart('g', 1, 0, 500)).toBe('refused')
      expect(await log.restart('g', 2, 1, 500)).toBe('refused')
      expect(await log.restart('none', 1, 0, 500)).toBe('refused')
      expect(await log.restart('g', 1, 1, 500)).toBe('appended')
      await expect.poll(() => viewer.why()).toBe('lost')
      expect(viewer.seen).toEqual([1])
      expect(await append(1, 500, toFrame(501))).toEqual(['appended'])
      expect(await log.read('g', 1)).toBeNull()
      expect(toSeqs(await log.read('g', 500))).toEqual([501])
    })

    it('keeps data as it is, of any length and script', async () => {
      await log.open('g', 1, 0)
      const text = JSON.stringify({ type: 'text-delta', delta: '你好\n"quoted"\u2028 😀'.repeat(2000) })
      const frame = { seq: 1, data: text, isTerminal: false }
      await append(1, 0, frame, toFrame(2))
      expect(await log.read('g', 0)).toEqual([frame, toFrame(2)])
    })

    it('reads a long log whole, and from the middle of an append', async () => {
      await log.open('g', 1, 0)
      for (let at = 0; at < 1100; at += 1) await append(1, at, toFrame(at + 1))
      await append(1, 1100, ...toFrames(1101, 1110))
      expect(toSeqs(await log.read('g', 0))).toEqual(countFrom(1, 1110))
      expect(toSeqs(await log.read('g', 1104))).toEqual(countFrom(1105, 1110))
    })

    it('trims only what was saved, and only a large log', async () => {
      await log.open('g', 1, 0)
      const big = (seq: number): LogFrame => ({ seq, data: JSON.stringify('x'.repeat(10_000)), isTerminal: false })
      await append(1, 0, big(1), big(2))
      await log.trim([{ generationId: 'g', seq: 2 }])
      expect(toSeqs(await log.read('g', 0))).toEqual([1, 2])
      const count = Math.ceil(maxLogBytes / 10_000) + 5
      for (let at = 2; at < count; at += 5) await append(1, at, ...countFrom(at + 1, at + 5).map(big))
      const lastSeq = (await log.findState('g'))?.lastSeq ?? 0
      await log.trim([{ generationId: 'g', seq: lastSeq - 3 }])
      expect(await log.read('g', 0)).toBeNull()
      expect(await log.subscribe('g', lastSeq - 4, createViewer())).toBeNull()
      expect(toSeqs(await log.read('g', lastSeq - 3))).toEqual(countFrom(lastSeq - 2, lastSeq))
      expect((await log.findState('g'))?.firstSeq).toBe(lastSeq - 2)
      expect(await append(1, lastSeq, toFrame(lastSeq + 1))).toEqual(['appended'])
    })

    it('shows a viewer who comes while appends run everything once', async () => {
      for (let round = 0; round < 20; round++) {
        const generationId = `race-${round}`
        await log.open(generationId, 1, 0)
        const viewers: ReturnType<typeof createViewer>[] = []
        const coming: Promise<unknown>[] = []
        for (let at = 0; at < 30; at += 1) {
          const frames = at === 29 ? [toFrame(30, true)] : [toFrame(at + 1)]
          const appended = log.append([{ generationId, fence: 1, expectedLastSeq: at, frames }])
          if (at % 3 === round % 3) {
            const viewer = createViewer()
            viewers.push(viewer)
            coming.push(log.subscribe(generationId, 0, viewer))
          }
          expect(await appended).toEqual(['appended'])
        }
        await Promise.all(coming)
        await expect.poll(() => viewers.every((viewer) => viewer.ends() === 1), { timeout: 5000 }).toBe(true)
        for (const viewer of viewers) expect(viewer.seen).toEqual(countFrom(1, 30))
      }
    })

    it('holds only accepted frames without a gap, however two owners interleave', async () => {
      let run = 0
      const step = fc.record({
        by: fc.constantFrom(1, 2),
        act: fc.constantFrom('open', 'seal', 'append', 'append', 'append', 'stale'),
        together: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          const generationId = `interleaved-${(run += 1)}`
          const known = new Map([
            [1, 0],
            [2, 0],
          ])
          const accepted = new Map<number, string>()
          const perform = async ({ by, act }: (typeof steps)[number]): Promise<void> => {
            const expectedLastSeq = (known.get(by) ?? 0) - (act === 'stale' ? 1 : 0)
            if (act === 'open') await log.open(generationId, by, 0)
            else if (act === 'seal') known.set(by, (await log.seal(generationId, by)) ?? 0)
            else {
              const frame = toFrame(expectedLastSeq + 1, false, `${by}`)
              const [outcome] = await log.append([{ generationId, fence: by, expectedLastSeq, frames: [frame] }])
              if (outcome !== 'appended') return
              expect(accepted.has(frame.seq)).toBe(false)
              accepted.set(frame.seq, frame.data)
              known.set(by, frame.seq)
            }
          }
          let running: Promise<void>[] = []
          for (const one of steps) {
            running.push(perform(one))
            if (one.together) continue
            await Promise.all(running)
            running = []
          }
          await Promise.all(running)
          const frames = (await log.read(generationId, 0)) ?? []
          expect(toSeqs(frames)).toEqual(countFrom(1, accepted.size))
          for (const frame of frames) expect(frame.data).toBe(accepted.get(frame.seq))
        }),
        {
          numRuns: 60,
          examples: [
            [
              [
                { by: 2, act: 'append', together: true },
                { by: 2, act: 'open', together: true },
                { by: 2, act: 'append', together: false },
              ],
            ],
          ],
        },
      )
    })
  })
}
