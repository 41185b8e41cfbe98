import { type Exchange, findBearer, findHeader, sendReply } from '../http/exchange.ts'
import type { WireError } from '../run/admit-generation.ts'
import type { SimulatedProvider, SimulatorContext } from '../run/simulator-context.ts'
import { handleChatCompletion } from './chat-completions.ts'
import { toOpenaiErrorReply } from './openai-error.ts'

const MODELS = ['sim', 'sim:corpus=demo', 'sim:reasoning=40', 'sim:corpus=ascii,tokens=200'] as const

function refuse(exchange: Exchange, status: number, message: string): void {
  const error: WireError = {
    status,
    reason: 'by-status',
    message,
    code: status === 404 ? 'unknown_url' : null,
  }
  sendReply(exchange.response, toOpenaiErrorReply(error))
}

/** Whether the request has a key that the simulator takes: any but one with `invalid` in it. */
export function hasOpenaiKey(exchange: Exchange): boolean {
  const key = findBearer(exchange) ?? findHeader(exchange, 'api-key')
  return key !== null && !key.includes('invalid')
}

/** The Chat Completions API, under `/openai/v1`. */
export function createOpenaiProvider(context: SimulatorContext): SimulatedProvider {
  return {
    name: 'openai',
    handle(exchange) {
      const isCompletion = exchange.method === 'POST' && exchange.path === '/openai/v1/chat/completions'
      if (!isCompletion) context.counters.countOther('openai')
      if (!hasOpenaiKey(exchange)) {
        if (isCompletion) context.counters.open('openai').end('faulted')
        refuse(exchange, 401, 'Incorrect API key provided.')
      } else if (isCompletion) {
        handleChatCompletion(context, exchange)
      } else if (exchange.method === 'GET' && exchange.path === '/openai/v1/models') {
        const data = MODELS.map((id) => ({
          id,
          object: 'model',
          created: 1_770_000_000,
          owned_by: 'simulator',
        }))
        sendReply(exchange.response, {
          status: 200,
          body: { object: 'list', data },
        })
      } else {
        refuse(exchange, 404, `Invalid URL (${exchange.method} ${exchange.path})`)
      }
    },
    reset: () => undefined,
  }
}
