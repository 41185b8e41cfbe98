/**
 * True while a key belongs to the candidate list of an input method. Safari ends the composition before that keydown, so
 * only 229 tells there.
 */
export function isComposing(press: { isComposing: boolean; keyCode: number }): boolean {
  return press.isComposing || press.keyCode === 229
}
