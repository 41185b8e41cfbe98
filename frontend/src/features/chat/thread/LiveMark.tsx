/** Three short strokes of the log being written. */
export function LiveMark() {
  return (
    <b className="live-mark" aria-hidden="true">
      <i />
      <i />
      <i />
    </b>
  )
}
