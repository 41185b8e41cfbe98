/** What happened in one slice of a window; `marked` of the `total` are those that are watched. */
export interface WindowSlice {
  atMs: number
  total: number
  marked: number
}

type Slices = readonly WindowSlice[]

const slicesPerWindow = 10

/** Adds to the slice of now and drops what has left the window: at most one slice more than the window is kept. */
export function addToSlices(
  slices: Slices,
  added: { total: number; marked: number },
  nowMs: number,
  windowMs: number,
): WindowSlice[] {
  const sliceMs = windowMs / slicesPerWindow
  const atMs = Math.floor(nowMs / sliceMs) * sliceMs
  const kept = slices.filter((slice) => slice.atMs > nowMs - windowMs - sliceMs && slice.atMs !== atMs)
  const current = slices.find((slice) => slice.atMs === atMs)
  const total = (current?.total ?? 0) + added.total
  const marked = (current?.marked ?? 0) + added.marked
  return [...kept, { atMs, total, marked }]
}

/** What lies in the window, the slice that is leaving it included. */
export function sumSlices(slices: Slices, nowMs: number, windowMs: number): { total: number; marked: number } {
  const sliceMs = windowMs / slicesPerWindow
  let total = 0
  let marked = 0
  for (const slice of slices) {
    if (slice.atMs <= nowMs - windowMs - sliceMs) continue
    total += slice.total
    marked += slice.marked
  }
  return { total, marked }
}
