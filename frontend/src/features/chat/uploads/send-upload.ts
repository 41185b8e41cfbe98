import type { Upload } from '@llmchat/protocol/api/upload-schema'
import { reportAuthExpired } from '../../../shared/api/auth-expiry.ts'
import { ApiError } from '../../../shared/api/api-error.ts'
import { readApiError } from '../../../shared/api/read-api-error.ts'
import { findXsrfToken } from '../../../shared/api/request-json.ts'

/** Without a byte moving for so long, the connection is given up. */
const silenceLimitMs = 60_000

export interface SendUploadOptions {
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/**
 * Puts a file on the server. By XMLHttpRequest, as `fetch` does not tell how much has gone out. Throws `ApiError`, and
 * AbortError when `signal` ended it.
 */
export function sendUpload(file: File, { signal, onProgress }: SendUploadOptions): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let timer = 0
    const watch = () => {
      clearTimeout(timer)
      timer = window.setTimeout(() => {
        request.abort()
        reject(toSilence())
      }, silenceLimitMs)
    }
    const abort = () => {
      request.abort()
      reject(new DOMException('aborted', 'AbortError'))
    }
    request.upload.onprogress = ({ loaded }) => {
      watch()
      onProgress(loaded)
    }
    request.onerror = () => reject(toSilence())
    request.onload = () => {
      if (request.status === 201) resolveUpload(request, resolve, reject)
      else void toRefusal(request).then(reject)
    }
    request.onloadend = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    request.open('POST', '/api/uploads')
    for (const [name, value] of Object.entries(toHeaders(file.name))) request.setRequestHeader(name, value)
    watch()
    request.send(file)
  })
}

function toHeaders(fileName: string): Record<string, string> {
  const token = findXsrfToken()
  return {
    accept: 'application/json',
    'content-type': 'application/octet-stream',
    // Half a character, which file systems allow in names, cannot be encoded.
    'x-file-name': encodeURIComponent(fileName.replace(/\p{Surrogate}/gu, '\uFFFD')),
    ...(token === null ? {} : { 'x-xsrf-token': token }),
  }
}

function resolveUpload(
  request: XMLHttpRequest,
  resolve: (upload: Upload) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(JSON.parse(request.responseText) as Upload)
  } catch {
    reject(toSilence())
  }
}

async function toRefusal(request: XMLHttpRequest): Promise<ApiError> {
  if (request.status < 400) return toSilence()
  const headers = new Headers()
  for (const name of ['x-request-id', 'retry-after']) {
    const value = request.getResponseHeader(name)
    if (value !== null) headers.set(name, value)
  }
  const error = await readApiError(new Response(request.responseText, { status: request.status, headers }))
  if (error.status === 401) reportAuthExpired()
  return error
}

function toSilence(): ApiError {
  const message = 'The server is not reachable.'
  return new ApiError({ code: 'network', message, requestId: null, status: 0, retryAfterMs: null })
}
