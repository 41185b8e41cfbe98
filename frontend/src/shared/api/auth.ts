import type {
  ApiKey,
  AuthState,
  CreatedApiKey,
  LoginRequest,
  Me,
  SetUpRequest,
} from '@llmchat/protocol/api/auth-schema'
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

/** Throws `invalid_credentials` or `rate_limited` among others. */
export function login(body: LoginRequest): Promise<Me> {
  return requestJson('/api/auth/login', { method: 'POST', body })
}

/** Throws `set_up_closed` or `set_up_token_invalid` among others. */
export function setUp(body: SetUpRequest): Promise<Me> {
  return requestJson('/api/auth/set-up', { method: 'POST', body })
}

export function logout(): Promise<void> {
  return requestJson('/api/auth/logout', { method: 'POST' })
}

export function createApiKey(name: string): Promise<CreatedApiKey> {
  return requestJson('/api/auth/api-keys', { method: 'POST', body: { name } })
}

export function revokeApiKey(id: string): Promise<void> {
  return requestJson(`/api/auth/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

async function findMe(signal: AbortSignal): Promise<Me | null> {
  try {
    return await requestJson<Me>('/api/auth/me', { signal })
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}
