interface RouteShape {
  method: string | string[]
  url: string
}

export interface MethodTable {
  add(route: RouteShape): void
  /** The methods that exist at `path`; empty when nothing is there. */
  listMethods(path: string): string[]
}

/** Which methods each address knows: the router itself only tells "not found". */
export function createMethodTable(): MethodTable {
  const methodsByPattern = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  return {
    add(route) {
      // The catch-all of the pages is no address of its own.
      if (route.url.endsWith('*')) return
      const entry = methodsByPattern.get(route.url) ?? { pattern: toPattern(route.url), methods: new Set<string>() }
      for (const method of [route.method].flat()) entry.methods.add(method)
      methodsByPattern.set(route.url, entry)
    },
    listMethods(path) {
      const found = [...methodsByPattern.values()].filter((entry) => entry.pattern.test(path))
      return [...new Set(found.flatMap((entry) => [...entry.methods]))].sort()
    },
  }
}

function toPattern(url: string): RegExp {
  const segments = url.split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : escapeForPattern(segment)))
  return new RegExp(`^${segments.join('/')}$`)
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
