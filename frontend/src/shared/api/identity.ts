import type { Me } from '@llmchat/protocol/api/auth-schema'
import type {
  ChangePasswordRequest,
  LoginSessionInfo,
  RecoveryCodes,
  TotpEnrolment,
  TotpState,
} from '@llmchat/protocol/api/identity-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from './request-json.ts'

export const loginSessionsQuery = queryOptions({
  queryKey: ['auth', 'login-sessions'],
  queryFn: ({ signal }) => requestJson<{ loginSessions: LoginSessionInfo[] }>('/api/auth/login-sessions', { signal }),
})

export const totpQuery = queryOptions({
  queryKey: ['auth', 'totp'],
  queryFn: ({ signal }) => requestJson<TotpState>('/api/auth/totp', { signal }),
})

/** Throws `invalid_credentials` or `password_refused` among others. */
export function changePassword(body: ChangePasswordRequest): Promise<Me> {
  return requestJson('/api/auth/password', { method: 'POST', body })
}

export function endLoginSession(id: string): Promise<void> {
  return requestJson(`/api/auth/login-sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

export function endAllLoginSessions(): Promise<void> {
  return requestJson('/api/auth/login-sessions', { method: 'DELETE' })
}

/** Throws `invalid_credentials` among others. */
export function beginTotp(password: string): Promise<TotpEnrolment> {
  return requestJson('/api/auth/totp', { method: 'POST', body: { password } })
}

/** Throws `second_step_invalid` among others. */
export function confirmTotp(code: string): Promise<RecoveryCodes> {
  return requestJson('/api/auth/totp/confirm', { method: 'POST', body: { code } })
}

/** Throws `invalid_credentials` among others. */
export function renewRecoveryCodes(password: string): Promise<RecoveryCodes> {
  return requestJson('/api/auth/totp/recovery-codes', { method: 'POST', body: { password } })
}

/** Throws `invalid_credentials` among others. */
export function disableTotp(password: string): Promise<Me> {
  return requestJson('/api/auth/totp/disable', { method: 'POST', body: { password } })
}
