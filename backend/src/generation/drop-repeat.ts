/**
 * A prefill must not end in white space, so it is sent without; an upstream that then says that white space first would
 * double it. Returns a function that drops from the incoming text what repeats `tail`.
 */
export function createRepeatDropper(tail: string): (delta: string) => string {
  let left = tail
  return (delta) => {
    let index = 0
    while (index < delta.length && left !== '' && delta[index] === left[0]) {
      left = left.slice(1)
      index += 1
    }
    if (index < delta.length) left = ''
    return delta.slice(index)
  }
}
