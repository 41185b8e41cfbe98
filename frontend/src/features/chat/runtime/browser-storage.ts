export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * The browser's storage, or one that keeps nothing where it is forbidden (its getter throws). A full storage must not
 * keep a message from being sent: what does not fit lives as long as the page.
 */
export function createBrowserStorage(): TextStorage | null {
  const storage = findLocalStorage()
  if (!storage) return null
  return {
    getItem: (key) => storage.getItem(key),
    removeItem: (key) => storage.removeItem(key),
    setItem(key, value) {
      try {
        storage.setItem(key, value)
      } catch {
        storage.removeItem(key)
      }
    },
  }
}

function findLocalStorage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
