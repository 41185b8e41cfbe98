import { randomUUID } from 'node:crypto'
import { type Exchange, findBearer, findHeader, type Reply, sendReply } from '../http/exchange.ts'
import type { ShelvedFile } from '../http/file-shelf.ts'
import { findText } from '../http/json-fields.ts'
import { readForm, type UploadedForm } from '../http/read-form.ts'
import { selectPlan } from '../plan/select-plan.ts'
import { receiveUpload } from '../run/receive-upload.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'

/** What FastGPT knows of its store of files. */
export interface FastgptFiles {
  /** Permissions by object key: the API key that asked, and the name that it gave. */
  permits: Map<string, { apiKey: string; filename: string }>
  objects: Map<string, ShelvedFile>
  failedKeys: Set<string>
}

export const STORAGE_PATH = 'storage'
const nameHeader = 'x-amz-meta-origin-filename'
const refused: Reply = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }

function toBaseUrl(exchange: Exchange): string {
  return `http://${findHeader(exchange, 'host') ?? ''}/fastgpt/api/${STORAGE_PATH}`
}

function toPath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}

function sendData(exchange: Exchange, data: unknown): void {
  sendReply(exchange.response, { status: 200, body: { code: 200, statusText: '', message: '', data } })
}

/** `POST /core/chat/file/presignChatFilePostUrl`: where the bytes may be put without a key; in older versions, a form. */
export function handlePresign(context: SimulatorContext, exchange: Exchange, files: FastgptFiles): void {
  const apiKey = findBearer(exchange) ?? ''
  const filename = findText(exchange.body, 'filename') ?? 'file'
  const key = `chat/${randomUUID()}/${filename}`
  files.permits.set(key, { apiKey, filename })
  const { plan } = selectPlan({ prompt: '', model: null, apiKey, header: null, defaultPlan: context.defaultPlan })
  const url = toBaseUrl(exchange)
  if (plan.upload === 'form') sendData(exchange, { url, fields: { key, policy: 'signed' }, maxSize: 1e9 })
  else {
    const headers = { [nameHeader]: encodeURIComponent(filename), 'x-amz-meta-upload-time': new Date(0).toISOString() }
    sendData(exchange, { url: `${url}/${toPath(key)}?signed=1`, key, headers, maxSize: 1e9 })
  }
}

/** `POST /core/chat/file/presignChatFileGetUrl`: where the model reads what was put. */
export function handleReadUrl(context: SimulatorContext, exchange: Exchange, files: FastgptFiles): void {
  const [key, appId, chatId] = ['key', 'appId', 'chatId'].map((name) => findText(exchange.body, name) ?? '')
  const file = files.objects.get(key ?? '')
  if (!key || !file || !appId || !chatId) {
    sendReply(exchange.response, {
      status: 500,
      body: { code: 500, statusText: 'error', message: 'no such file', data: null },
    })
    return
  }
  const url = `${toBaseUrl(exchange)}/${toPath(key)}?read=1`
  context.files.put(url, file)
  sendData(exchange, url)
}

/** The store itself, as an S3 service answers: a form at its address, or the bytes at the object's. */
export function handleStorage(context: SimulatorContext, exchange: Exchange, files: FastgptFiles): void {
  const isPut = exchange.method === 'PUT'
  const putKey = decodeURIComponent(exchange.path.split(`/${STORAGE_PATH}/`)[1] ?? '')
  // Which key asked for a form is known only from within it, so the newest permission stands for all.
  const permit = isPut ? files.permits.get(putKey) : [...files.permits.values()].at(-1)
  receiveUpload(context, exchange, {
    apiKey: permit?.apiKey ?? null,
    failedKeys: files.failedKeys,
    read: isPut ? readBytes : readForm,
    replies: {
      tooLarge: { status: 400, body: '<Error><Code>EntityTooLarge</Code></Error>' },
      failed: { status: 500, body: '<Error><Code>InternalError</Code></Error>' },
      missing: refused,
      accept(file, fields) {
        const key = isPut ? putKey : (fields.get('key') ?? '')
        const isPermitted = isPut
          ? isSigned(exchange, permit)
          : fields.get('policy') === 'signed' && files.permits.has(key)
        if (!isPermitted || findHeader(exchange, 'authorization') !== null) return refused
        files.objects.set(key, file)
        return { status: isPut ? 200 : 204, body: '' }
      },
    },
  })
}

/** The headers of the permission are part of what was signed. */
function isSigned(exchange: Exchange, permit: { filename: string } | undefined): boolean {
  const name = findHeader(exchange, nameHeader)
  return permit !== undefined && name === encodeURIComponent(permit.filename) && exchange.query.get('signed') === '1'
}

async function readBytes(exchange: Exchange): Promise<UploadedForm> {
  const name = decodeURIComponent(findHeader(exchange, nameHeader) ?? '')
  const mediaType = findHeader(exchange, 'content-type') ?? ''
  return { fields: new Map(), file: { name, mediaType, bytes: exchange.bytes } }
}
