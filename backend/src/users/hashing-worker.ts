import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync, type Options } from '@node-rs/argon2'

/**
 * The thread passwords are hashed in, one after the other: never more than one core, and at a lower priority than the
 * threads that serve answers. A login storm on a full machine slows down signing in, not streaming.
 */

/** Nice 10 is a tenth of the weight where cores are short, and no difference where they are not. */
const NICE = 10

export type HashingRequest =
  { id: number; password: string; cost: Options } | { id: number; password: string; storedHash: string }

export type HashingReply = { id: number; result: string | boolean } | { id: number; problem: string }

function work(request: HashingRequest): string | boolean {
  return 'cost' in request ? hashSync(request.password, request.cost) : verifySync(request.storedHash, request.password)
}

function reply(request: HashingRequest): HashingReply {
  try {
    return { id: request.id, result: work(request) }
  } catch (error) {
    return { id: request.id, problem: error instanceof Error ? error.message : String(error) }
  }
}

if (parentPort === null) throw new Error('this file is the hashing thread and nothing else')
const port = parentPort
// On Linux alone 0 is this thread; elsewhere it would be the whole process.
if (process.platform === 'linux') setPriority(0, NICE)
port.on('message', (request: HashingRequest) => port.postMessage(reply(request)))
