import { findBearer, sendReply } from '../http/exchange.ts'
import type { SimulatedProvider, SimulatorContext } from '../run/simulator-context.ts'
import { handleChatApi } from './chat-api.ts'
import { handleFastgptCompletion } from './chat-completions.ts'
import { createChatStore } from './chat-store.ts'
import { type FastgptFiles, handlePresign, handleReadUrl, handleStorage, STORAGE_PATH } from './file-upload.ts'
import { toFastgptRefusal } from './fastgpt-error.ts'

const PREFIX = '/fastgpt/api/'

function isKnownKey(key: string | null): boolean {
  return key !== null && /^(fastgpt|app)-/.test(key) && !key.includes('invalid')
}

/** FastGPT's API, under `/fastgpt/api`. */
export function createFastgptProvider(context: SimulatorContext): SimulatedProvider {
  const store = createChatStore()
  const files: FastgptFiles = { permits: new Map(), objects: new Map(), failedKeys: new Set() }

  return {
    name: 'fastgpt',
    handle(exchange) {
      const path = exchange.path.slice(PREFIX.length)
      const version = /^(v[12])\/chat\/completions$/.exec(path)?.[1]
      const isCompletion = exchange.method === 'POST' && version !== undefined
      if (!isCompletion) context.counters.countOther('fastgpt')
      if (path === STORAGE_PATH || path.startsWith(`${STORAGE_PATH}/`)) {
        handleStorage(context, exchange, files)
        return
      }
      if (!isKnownKey(findBearer(exchange))) {
        if (isCompletion) context.counters.open('fastgpt').end('faulted')
        const isStream = isCompletion && exchange.body['stream'] === true
        sendReply(exchange.response, toFastgptRefusal(514, 'Api key is invalid', isStream))
        return
      }
      if (isCompletion) handleFastgptCompletion(context, store, exchange, version === 'v1' ? 'v1' : 'v2')
      else if (path === 'core/chat/file/presignChatFilePostUrl') handlePresign(context, exchange, files)
      else if (path === 'core/chat/file/presignChatFileGetUrl') handleReadUrl(context, exchange, files)
      else handleChatApi(store, exchange, path)
    },
    reset() {
      for (const chat of store.list()) chat.run?.abort()
      store.clear()
      files.permits.clear()
      files.objects.clear()
      files.failedKeys.clear()
    },
  }
}
