import type {
  ApiKey,
  AuthState,
  CreateApiKeyRequest,
  CreatedApiKey,
  LoginRequest,
  Me,
  SetUpRequest,
} from '@llmchat/protocol/api/auth-schema'
import type {
  AcceptInvitationRequest,
  Link,
  ResetPasswordRequest,
  SecondStep,
  SecondStepRequest,
} from '@llmchat/protocol/api/identity-schema'
import { queryOptions } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'
import { requestJson } from './request-json.ts'

/** Who is signed in; `data` is null for a visitor. Asked once: later the 401 of any other request tells. */
export const meQuery = queryOptions({
  queryKey: ['auth', 'me'],
  queryFn: ({ signal }) => findMe(signal),
  staleTime: Infinity,
  gcTime: Infinity,
})

/** What a visitor may know: whether the first administrator still has to be created. */
export const authStateQuery = queryOptions({
  queryKey: ['auth', 'state'],
  queryFn: ({ signal }) => requestJson<AuthState>('/api/auth/state', { signal }),
})

export const apiKeysQuery = queryOptions({
  queryKey: ['auth', 'api-keys'],
  queryFn: ({ signal }) => requestJson<{ apiKeys: ApiKey[] }>('/api/auth/api-keys', { signal }),
})

/** A ticket: a code is asked for. Throws `invalid_credentials` or `rate_limited` among others. */
export function login(body: LoginRequest): Promise<Me | SecondStep> {
  return sendAsVisitor('/api/auth/login', body)
}

/** Throws `second_step_invalid` or `second_step_expired` among others. */
export function passSecondStep(body: SecondStepRequest): Promise<Me> {
  return sendAsVisitor('/api/auth/login/second-step', body)
}

/** Throws `set_up_closed` or `set_up_token_invalid` among others. */
export function setUp(body: SetUpRequest): Promise<Me> {
  return sendAsVisitor('/api/auth/set-up', body)
}

/** Throws `link_invalid` or `password_refused` among others. */
export function resetPassword(body: ResetPasswordRequest): Promise<void> {
  return sendAsVisitor('/api/auth/password-reset', body)
}

/** Throws `link_invalid` or `password_refused` among others. */
export function acceptInvitation(body: AcceptInvitationRequest): Promise<Me> {
  return sendAsVisitor('/api/auth/invitation', body)
}

/** Throws `link_invalid` among others. */
export function findLink(token: string): Promise<Link> {
  return sendAsVisitor('/api/auth/link', { token })
}

export function logout(): Promise<void> {
  return requestJson('/api/auth/logout', { method: 'POST' })
}

export function createApiKey(body: CreateApiKeyRequest): Promise<CreatedApiKey> {
  return requestJson('/api/auth/api-keys', { method: 'POST', body })
}

export function revokeApiKey(id: string): Promise<void> {
  return requestJson(`/api/auth/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/**
 * Before anybody is signed in, requests carry a token of the visit instead of the login session's. It is asked for each
 * time: a page that was open for a day must still be able to sign in.
 */
async function sendAsVisitor<T>(path: string, body: unknown): Promise<T> {
  const { csrfToken } = await requestJson<AuthState>('/api/auth/state')
  return requestJson(path, { method: 'POST', body, headers: { 'x-xsrf-token': csrfToken } })
}

async function findMe(signal: AbortSignal): Promise<Me | null> {
  try {
    return await requestJson<Me>('/api/auth/me', { signal })
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}
