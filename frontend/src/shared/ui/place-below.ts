const gapPx = 4
const marginPx = 8

/**
 * Puts an open popover under its button, aligned to the button's start, or above and to its end where it would leave the
 * window. By measuring, because CSS anchors are not everywhere yet; set through the CSSOM, which the CSP allows.
 */
export function placeBelow(popover: HTMLElement, button: HTMLElement): void {
  const box = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const hasRoomBelow = box.bottom + gapPx + height + marginPx <= window.innerHeight
  const top = hasRoomBelow ? box.bottom + gapPx : Math.max(marginPx, box.top - gapPx - height)
  const left = box.left + width + marginPx <= window.innerWidth ? box.left : box.right - width
  popover.style.top = `${top}px`
  popover.style.left = `${Math.max(marginPx, Math.min(left, window.innerWidth - width - marginPx))}px`
}
