import { isErrorCode } from '@llmchat/protocol/error-code'
import { toApiError } from '../../shared/api/api-error.ts'
import { zhAdminErrors } from '../../shared/i18n/catalogue/zh/admin-errors.ts'
import type { AdminText } from './use-admin-text.ts'

type OwnKey = keyof typeof zhAdminErrors

function isOwnKey(key: string): key is OwnKey {
  return Object.hasOwn(zhAdminErrors, key)
}

/** What happened and what an administrator does next; `code` as the server wrote it. */
export function toAdminCodeText(text: AdminText, code: string): string {
  const own = `admin.error.${code}`
  if (isOwnKey(own)) return text(own)
  if (code === 'network') return text('error.network')
  return text(isErrorCode(code) ? `error.${code}` : 'admin.error.internal')
}

/** The same for anything thrown. */
export function toAdminErrorText(text: AdminText, error: unknown): string {
  return toAdminCodeText(text, toApiError(error).code)
}
