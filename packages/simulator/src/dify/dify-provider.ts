import { type Exchange, findBearer, sendReply } from '../http/exchange.ts'
import type { SimulatedProvider, SimulatorContext } from '../run/simulator-context.ts'
import {
  type AppAnswer,
  deleteConversation,
  getInfo,
  getParameters,
  listConversations,
  listMessages,
  rateMessage,
  stopTask,
} from './app-api.ts'
import { createAppStore } from './app-store.ts'
import { handleChatMessages } from './chat-messages.ts'
import { toDifyRefusal } from './dify-error.ts'
import { type FileOwners, findFileProblem, handleFileUpload } from './file-upload.ts'
import { handleWorkflowEvents } from './workflow-events.ts'

const PREFIX = '/dify/v1'

const ROUTES: readonly { method: string; path: RegExp; answer: AppAnswer }[] = [
  {
    method: 'POST',
    path: /^\/chat-messages\/([^/]+)\/stop$/,
    answer: stopTask,
  },
  {
    method: 'POST',
    path: /^\/messages\/([^/]+)\/feedbacks$/,
    answer: rateMessage,
  },
  { method: 'GET', path: /^\/messages$/, answer: listMessages },
  { method: 'GET', path: /^\/conversations$/, answer: listConversations },
  {
    method: 'DELETE',
    path: /^\/conversations\/([^/]+)$/,
    answer: deleteConversation,
  },
  { method: 'GET', path: /^\/parameters$/, answer: getParameters },
  { method: 'GET', path: /^\/info$/, answer: getInfo },
]

function hasKey(exchange: Exchange): boolean {
  const key = findBearer(exchange)
  return key !== null && key.startsWith('app-') && !key.includes('invalid')
}

/** Dify's Service API, under `/dify/v1`. */
export function createDifyProvider(context: SimulatorContext): SimulatedProvider {
  const store = createAppStore()
  const owners: FileOwners = new Map()
  const failedKeys = new Set<string>()

  function handleQuestion(exchange: Exchange): void {
    const problem = findFileProblem(exchange, owners)
    if (problem === null) {
      handleChatMessages(context, store, exchange)
      return
    }
    context.counters.open('dify').end('faulted')
    sendReply(exchange.response, toDifyRefusal(400, 'invalid_param', problem))
  }

  function handleOther(exchange: Exchange, path: string): void {
    const events = exchange.method === 'GET' ? /^\/workflow\/([^/]+)\/events$/.exec(path) : null
    if (events !== null) {
      handleWorkflowEvents(store, exchange, events[1] ?? '')
      return
    }
    for (const route of ROUTES) {
      const match = route.method === exchange.method ? route.path.exec(path) : null
      if (match === null) continue
      sendReply(exchange.response, route.answer(store, exchange, match.slice(1), context.defaultPlan))
      return
    }
    sendReply(exchange.response, toDifyRefusal(404, 'not_found', 'The requested URL was not found on the server.'))
  }

  return {
    name: 'dify',
    handle(exchange) {
      const path = exchange.path.slice(PREFIX.length)
      const isQuestion = exchange.method === 'POST' && path === '/chat-messages'
      if (!isQuestion) context.counters.countOther('dify')
      if (!hasKey(exchange)) {
        if (isQuestion) context.counters.open('dify').end('faulted')
        sendReply(exchange.response, toDifyRefusal(401, 'unauthorized', 'Access token is invalid'))
      } else if (isQuestion) handleQuestion(exchange)
      else if (exchange.method === 'POST' && path === '/files/upload')
        handleFileUpload(context, exchange, { owners, failedKeys })
      else handleOther(exchange, path)
    },
    reset() {
      for (const stored of store.runs.list()) stored.run.abort()
      store.clear()
      owners.clear()
      failedKeys.clear()
    },
  }
}
