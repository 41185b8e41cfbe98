import type { Redis } from 'ioredis'

/**
 * The process's way to Redis: few connections, shared by all rooms. A command that fails or takes longer than
 * `commandMs` rejects; while Redis is away it rejects at once. What a rejected command did is unknown: it may still run.
 */
export interface RedisLink {
  /** For everything that does not block. Commands of one turn of the event loop go out together. */
  readonly commands: Redis
  /** The full name of a key or channel: one prefix for the whole installation. */
  toKey(name: string): string
  /** False from the first sign that Redis does not answer until it has answered again. Costs nothing to ask. */
  isUp(): boolean
  /** Called at every change of `isUp`. The returned function ends it. */
  onChange(listener: (isUp: boolean) => void): () => void
  /** Messages of a channel, on the one subscriber connection; goes on by itself after an outage (what came in it is lost). */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => Promise<void>>
  /** A connection of its own for blocking reads. Close it with `disconnect`. */
  openBlocking(): Redis
  close(): Promise<void>
}
