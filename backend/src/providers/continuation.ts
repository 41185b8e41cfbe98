/** A shown text, ready to be continued. */
export interface Prefill {
  /** Without trailing white space, which models refuse or stumble over. */
  text: string
  /** Takes the white space that was cut off `text` out of the continuation, where the model repeats it. */
  dropRepeat(delta: string): string
}

/** Null when there is nothing to continue. */
export function toPrefill(continueFrom: string | null): Prefill | null {
  const text = continueFrom?.trimEnd() ?? ''
  if (continueFrom === null || text === '') return null
  let expected = continueFrom.slice(text.length)
  return {
    text,
    dropRepeat(delta) {
      let dropped = 0
      while (dropped < delta.length && expected !== '' && delta[dropped] === expected[0]) {
        expected = expected.slice(1)
        dropped += 1
      }
      if (dropped < delta.length) expected = ''
      return delta.slice(dropped)
    },
  }
}
