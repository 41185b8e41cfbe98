import type { FastifyRequest } from 'fastify'
import type { HttpApp } from '../app-types.ts'

/** Runs `read` once for the identical requests of one person that are under way at the same moment. */
export type ShareGet = <Value>(request: FastifyRequest, read: () => Promise<Value>) => Promise<Value>

export interface GetSharing {
  shareGet: ShareGet
  /** Requests answered with another one's result. */
  countShared(): number
}

const MAX_FLIGHTS = 1000

/**
 * For JSON GETs that only read, and leave the reply alone. Nothing is remembered: who comes after the end
 * asks anew, and so does who comes after a write of the same person, which may be what they want to see.
 */
export function createGetSharing(app: HttpApp): GetSharing {
  const flights = new Map<string, Promise<unknown>>()
  const keysOf = new Map<string, Set<string>>()
  let shared = 0

  function end(userId: string, key: string, flight: Promise<unknown>): void {
    if (flights.get(key) !== flight) return
    flights.delete(key)
    const keys = keysOf.get(userId)
    keys?.delete(key)
    if (keys?.size === 0) keysOf.delete(userId)
  }

  function begin<Value>(userId: string, key: string, run: () => Promise<Value>): Promise<Value> {
    const flight = run()
    flights.set(key, flight)
    keysOf.set(userId, (keysOf.get(userId) ?? new Set()).add(key))
    flight.then(
      () => end(userId, key, flight),
      () => end(userId, key, flight),
    )
    return flight
  }

  /** From here on nobody joins what this person's reads found before. */
  function endAll(request: FastifyRequest): void {
    const userId = request.requester?.user.id
    if (request.method === 'GET' || userId === undefined) return
    for (const key of keysOf.get(userId) ?? []) flights.delete(key)
    keysOf.delete(userId)
  }

  app.addHook('preHandler', async (request) => endAll(request))
  app.addHook('onSend', async (request, _reply, payload) => {
    endAll(request)
    return payload
  })

  return {
    countShared: () => shared,
    shareGet<Value>(request: FastifyRequest, read: () => Promise<Value>) {
      const userId = request.user.id
      const { accept = '', 'accept-language': language = '' } = request.headers
      const key = [userId, request.url, accept, language].join('\n')
      const running = flights.get(key)
      if (running !== undefined) {
        shared += 1
        return running as Promise<Value>
      }
      return flights.size >= MAX_FLIGHTS ? read() : begin(userId, key, read)
    },
  }
}
