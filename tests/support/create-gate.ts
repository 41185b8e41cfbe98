/** Something to wait at until a test opens it. */
export interface Gate {
  passed: Promise<void>
  open(): void
}

export function createGate(): Gate {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}
