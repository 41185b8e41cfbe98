/** Places where a test may have the process die, as if the power went: before and after each write that matters. */
export const failpointNames = [
  'accept:before',
  'accept:after',
  'append:before',
  'append:after',
  'checkpoint:before',
  'checkpoint:after',
  'commit:before',
  'commit:after',
  'terminal:before',
  'terminal:after',
] as const
export type FailpointName = (typeof failpointNames)[number]

export interface Failpoints {
  hit(name: FailpointName): void
}

/**
 * `armed`: `name` or `name@n` (dies on the n-th pass). Null in real life. SIGKILL, because nothing may run after it.
 */
export function createFailpoints(armed: string | null): Failpoints {
  if (armed === null) return { hit: () => undefined }
  const [target, count = '1'] = armed.split('@')
  let left = Number(count)
  return {
    hit(name) {
      if (name === target && --left === 0) process.kill(process.pid, 'SIGKILL')
    },
  }
}
