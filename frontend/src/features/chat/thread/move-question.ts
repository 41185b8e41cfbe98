/** Where a question comes to rest below the top: the scroll padding and its own scroll margin. */
const restPx = 36

/** Brings the previous or next question to the top of the screen and gives it the focus. */
export function moveQuestion(box: HTMLElement, direction: -1 | 1): void {
  const top = box.getBoundingClientRect().top
  const questions = [...box.querySelectorAll<HTMLElement>('[data-role="user"]')]
  const offsets = questions.map((question) => question.getBoundingClientRect().top - top)
  const index =
    direction < 0
      ? offsets.findLastIndex((offset) => offset < restPx - 8)
      : offsets.findIndex((offset) => offset > restPx + 8)
  const question = questions[index]
  question?.scrollIntoView({ block: 'start' })
  question?.focus({ preventScroll: true })
}
