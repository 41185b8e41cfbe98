export const states = ['met', 'n/a', 'not met'] as const
export type State = (typeof states)[number]

export interface Requirement {
  id: string
  level: string
  asks: string
  state: string
  proof: string
}

export interface Chapter {
  /** `V1 Encoding and sanitization`. */
  title: string
  requirements: Requirement[]
}

/** A file, and a part of a test's name or of a heading that stands in it. */
export interface Proof {
  path: string
  name: string
}

const PROOF = /`([^`]+)` › "([^"]+)"/g

/** `docs/asvs/V01.md` and so on: a title and one table of five columns. */
export function readChapter(text: string): Chapter {
  const title = /^# (V\d+ .+)$/m.exec(text)?.[1] ?? ''
  const requirements = text
    .split('\n')
    .filter((line) => line.startsWith('| V'))
    .map((line) => {
      const [, id = '', level = '', asks = '', state = '', proof = '', end, ...more] = line.split(/(?<!\\)\|/)
      if (end === undefined || more.length > 0) throw new Error(`not five columns: ${line}`)
      return {
        id: id.trim(),
        level: level.trim(),
        asks: asks.trim(),
        state: state.trim(),
        proof: proof.trim(),
      }
    })
  return { title, requirements }
}

export function listProofs(text: string): Proof[] {
  return [...text.matchAll(PROOF)].map(([, path = '', name = '']) => ({ path, name }))
}

/** Chapter file of a number: `docs/asvs/V01.md`. */
export function toChapterPath(number: number): string {
  return `docs/asvs/V${String(number).padStart(2, '0')}.md`
}
