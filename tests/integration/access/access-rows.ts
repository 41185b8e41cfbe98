import {
  admins,
  auditors,
  everybody,
  nobodyInBrowser,
  operators,
  owner,
  readers,
  signedIn,
  type MatrixRow,
} from './access-matrix.ts'

/**
 * Every route, and what each asker is answered. Parameters in braces become real things, new for each request: `{chat}` of
 * `member`, `{answered}` one with an answer, `{key}` of `member`, `{user}` a further person, and so on. 400 and 404 of the signed in mean: let in, and then
 * the request itself was not good enough.
 */
export const accessRows: Readonly<Record<string, MatrixRow>> = {
  'GET /*': { statuses: everybody(404), path: '/assets/none.js' },
  'GET /health': { statuses: everybody(200) },
  'GET /health/live': { statuses: everybody(200) },
  'GET /health/ready': { statuses: everybody(200) },
  'GET /health/startup': { statuses: everybody(200) },
  'GET /health/detailed': { statuses: everybody(200) },
  'GET /metrics': { statuses: [403, 403, 403, 403, 403, 200, 200] },
  'POST /internal/cli': { statuses: everybody(404), body: { arguments: ['check'] } },
  'GET /api/openapi.json': { statuses: everybody(200) },

  'GET /api/auth/state': { statuses: everybody(200) },
  'GET /api/auth/oidc/start': { statuses: everybody(404) },
  'GET /api/auth/oidc/callback': { statuses: everybody(404) },
  'POST /api/auth/login': { statuses: everybody(401), body: { email: 'nobody@example.com', password: 'wrong' } },
  'POST /api/auth/set-up': {
    statuses: everybody(409),
    body: { token: 'x', email: 'new@example.com', password: 'correct horse battery' },
  },
  'GET /api/auth/me': { statuses: signedIn(200) },
  'POST /api/auth/logout': { statuses: signedIn(204) },
  'GET /api/auth/api-keys': { statuses: signedIn(200) },
  'POST /api/auth/api-keys': { statuses: signedIn(201), body: { name: 'made by the matrix' } },
  'DELETE /api/auth/api-keys/:apiKeyId': { statuses: owner(204), path: '/api/auth/api-keys/{key}' },

  'POST /api/auth/login/second-step': { statuses: everybody(401), body: { ticket: 'x'.repeat(43), code: '123456' } },
  'POST /api/auth/link': { statuses: everybody(404), body: { token: 'x'.repeat(43) } },
  'POST /api/auth/password-reset': {
    statuses: everybody(404),
    body: { token: 'x'.repeat(43), password: 'correct horse battery' },
  },
  'POST /api/auth/invitation': {
    statuses: everybody(404),
    body: { token: 'x'.repeat(43), password: 'correct horse battery' },
  },
  'POST /api/auth/password': {
    statuses: signedIn(401),
    body: { currentPassword: 'wrong', newPassword: 'correct horse battery' },
  },
  'GET /api/auth/login-sessions': { statuses: signedIn(200) },
  'DELETE /api/auth/login-sessions': { statuses: signedIn(204) },
  'DELETE /api/auth/login-sessions/:loginSessionId': {
    statuses: signedIn(404),
    path: '/api/auth/login-sessions/none',
  },
  'GET /api/auth/totp': { statuses: signedIn(200) },
  'POST /api/auth/totp': { statuses: signedIn(401), body: { password: 'wrong' } },
  'POST /api/auth/totp/confirm': { statuses: signedIn(409), body: { code: '123456' } },
  'POST /api/auth/totp/recovery-codes': { statuses: signedIn(401), body: { password: 'wrong' } },
  'POST /api/auth/totp/disable': { statuses: signedIn(401), body: { password: 'wrong' } },

  'GET /api/admin/invitations': { statuses: admins(200) },
  'POST /api/admin/invitations': {
    statuses: admins(201),
    body: { email: 'invited@example.com', role: 'member' },
  },
  'DELETE /api/admin/invitations/:invitationId': { statuses: admins(404), path: '/api/admin/invitations/none' },
  'POST /api/admin/users/:userId/password-reset-link': {
    statuses: admins(201),
    path: '/api/admin/users/{user}/password-reset-link',
  },

  'GET /api/agents': { statuses: signedIn(200) },
  'GET /v1/models': { statuses: signedIn(200) },
  'GET /v1/models/:id': { statuses: signedIn(404), path: '/v1/models/none' },
  'POST /v1/chat/completions': {
    statuses: signedIn(404),
    body: { model: 'none', messages: [{ role: 'user', content: 'hello' }] },
  },

  'POST /api/chat': {
    statuses: signedIn(404),
    body: {
      id: 'new-chat',
      agentId: 'none',
      messages: [{ id: 'q', role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
    },
  },
  'GET /api/chat/:sessionId/stream': { statuses: owner(204), path: '/api/chat/{chat}/stream' },
  'POST /api/chat/:sessionId/stop': { statuses: owner(200), path: '/api/chat/{answered}/stop', body: {} },
  'GET /api/chat/sessions': { statuses: signedIn(200) },
  'GET /api/chat/sessions/search': { statuses: signedIn(200), path: '/api/chat/sessions/search?q=hello' },
  'GET /api/chat/sessions/:sessionId': { statuses: owner(200), path: '/api/chat/sessions/{chat}' },
  'PATCH /api/chat/sessions/:sessionId': {
    statuses: owner(200),
    path: '/api/chat/sessions/{chat}',
    body: { title: 'changed' },
  },
  'DELETE /api/chat/sessions/:sessionId': { statuses: owner(204), path: '/api/chat/sessions/{chat}' },
  'GET /api/chat/sessions/:sessionId/messages': { statuses: owner(200), path: '/api/chat/sessions/{chat}/messages' },
  'GET /api/chat/sessions/:sessionId/export': {
    statuses: owner(200),
    path: '/api/chat/sessions/{chat}/export?format=md',
  },
  'POST /api/chat/feedback': { statuses: signedIn(404), body: { messageId: 'none', rating: 'good' } },

  'POST /api/uploads': { statuses: signedIn(201), body: 'a file' },
  'GET /api/uploads/limits': { statuses: signedIn(200) },
  'GET /api/uploads/:uploadId': { statuses: owner(200), path: '/api/uploads/{upload}' },
  'DELETE /api/uploads/:uploadId': { statuses: owner(204), path: '/api/uploads/{upload}' },

  'GET /api/admin/users': { statuses: readers(200) },
  'GET /api/admin/users/:userId': { statuses: readers(200), path: '/api/admin/users/{user}' },
  'PATCH /api/admin/users/:userId': {
    statuses: admins(200),
    path: '/api/admin/users/{user}',
    body: { role: 'admin', isActive: true },
  },
  'DELETE /api/admin/users/:userId': { statuses: admins(204), path: '/api/admin/users/{user}?mode=erase' },
  'GET /api/admin/users/:userId/login-sessions': {
    statuses: readers(200),
    path: '/api/admin/users/{user}/login-sessions',
  },
  'DELETE /api/admin/users/:userId/login-sessions': {
    statuses: operators(204),
    path: '/api/admin/users/{user}/login-sessions',
  },
  'DELETE /api/admin/users/:userId/login-sessions/:loginSessionId': {
    statuses: operators(404),
    path: '/api/admin/users/{user}/login-sessions/none',
  },
  'DELETE /api/admin/users/:userId/totp': { statuses: admins(409), path: '/api/admin/users/{user}/totp' },
  'GET /api/admin/users/:userId/api-keys': { statuses: readers(200), path: '/api/admin/users/{user}/api-keys' },
  'DELETE /api/admin/users/:userId/api-keys/:apiKeyId': {
    statuses: admins(404),
    path: '/api/admin/users/{user}/api-keys/none',
  },
  'GET /api/admin/login-sessions': { statuses: readers(200) },
  'GET /api/admin/api-keys': { statuses: readers(200) },
  'GET /api/admin/groups': { statuses: readers(200) },
  'POST /api/admin/groups': { statuses: admins(400), body: { name: '' } },
  'PATCH /api/admin/groups/:groupId': {
    statuses: admins(200),
    path: '/api/admin/groups/{group}',
    body: { description: 'changed' },
  },
  'DELETE /api/admin/groups/:groupId': { statuses: admins(204), path: '/api/admin/groups/{group}' },
  'PUT /api/admin/groups/:groupId/members/:userId': {
    statuses: admins(204),
    path: '/api/admin/groups/{group}/members/{user}',
  },
  'DELETE /api/admin/groups/:groupId/members/:userId': {
    statuses: admins(204),
    path: '/api/admin/groups/{group}/members/{user}',
  },
  'GET /api/admin/agents': { statuses: readers(200) },
  'GET /api/admin/agents/:agentId': { statuses: readers(200), path: '/api/admin/agents/{agent}' },
  'POST /api/admin/agents': {
    statuses: operators(400),
    body: { id: 'x', name: 'X', provider: 'dify', baseUrl: 'no url' },
  },
  'PATCH /api/admin/agents/:agentId': {
    statuses: operators(200),
    path: '/api/admin/agents/{agent}',
    body: { isActive: false },
  },
  'DELETE /api/admin/agents/:agentId': { statuses: operators(204), path: '/api/admin/agents/{agent}' },
  'PUT /api/admin/agents/:agentId/access': {
    statuses: operators(200),
    path: '/api/admin/agents/{agent}/access',
    body: { rules: [] },
  },
  'POST /api/admin/agents/:agentId/test': { statuses: operators(200), path: '/api/admin/agents/{agent}/test' },
  'GET /api/me/quotas': { statuses: signedIn(200) },
  'GET /api/admin/quotas': { statuses: readers(200) },
  'POST /api/admin/quotas': {
    statuses: admins(404),
    body: { scope: 'user', subjectId: 'none', measure: 'messages', period: 'day', hardLimit: 1 },
  },
  'PUT /api/admin/quotas/:quotaId': {
    statuses: admins(200),
    path: '/api/admin/quotas/{quota}',
    body: { softLimit: null, hardLimit: 2 },
  },
  'DELETE /api/admin/quotas/:quotaId': { statuses: admins(204), path: '/api/admin/quotas/{quota}' },
  'GET /api/admin/usage': {
    statuses: readers(200),
    path: '/api/admin/usage?by=user&from=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z',
  },
  'GET /api/admin/agent-prices': { statuses: readers(200) },
  'PUT /api/admin/agents/:agentId/price': {
    statuses: admins(204),
    path: '/api/admin/agents/{agent}/price',
    body: { inputMicros: 1, outputMicros: 2 },
  },
  'DELETE /api/admin/agents/:agentId/price': { statuses: admins(204), path: '/api/admin/agents/{agent}/price' },
  'GET /api/admin/audit-logs': { statuses: auditors(200) },
  'GET /api/admin/audit-logs/export': { statuses: auditors(200), path: '/api/admin/audit-logs/export?format=csv' },

  'GET /scim/v2/ServiceProviderConfig': { statuses: nobodyInBrowser, byScim: 200 },
  'GET /scim/v2/ResourceTypes': { statuses: nobodyInBrowser, byScim: 200 },
  'GET /scim/v2/ResourceTypes/:id': { statuses: nobodyInBrowser, byScim: 200, path: '/scim/v2/ResourceTypes/User' },
  'GET /scim/v2/Schemas': { statuses: nobodyInBrowser, byScim: 200 },
  'GET /scim/v2/Schemas/:id': { statuses: nobodyInBrowser, byScim: 404, path: '/scim/v2/Schemas/none' },
  'GET /scim/v2/Users': { statuses: nobodyInBrowser, byScim: 200 },
  'POST /scim/v2/Users': { statuses: nobodyInBrowser, byScim: 201, body: { userName: 'scim@example.com' } },
  'GET /scim/v2/Users/:id': { statuses: nobodyInBrowser, byScim: 200, path: '/scim/v2/Users/{user}' },
  'PUT /scim/v2/Users/:id': { statuses: nobodyInBrowser, byScim: 400, path: '/scim/v2/Users/{user}', body: {} },
  'PATCH /scim/v2/Users/:id': { statuses: nobodyInBrowser, byScim: 400, path: '/scim/v2/Users/{user}', body: {} },
  'DELETE /scim/v2/Users/:id': { statuses: nobodyInBrowser, byScim: 204, path: '/scim/v2/Users/{user}' },
  'GET /scim/v2/Groups': { statuses: nobodyInBrowser, byScim: 200 },
  'POST /scim/v2/Groups': { statuses: nobodyInBrowser, byScim: 201, body: { displayName: 'Made by the matrix' } },
  'GET /scim/v2/Groups/:id': { statuses: nobodyInBrowser, byScim: 200, path: '/scim/v2/Groups/{group}' },
  'PUT /scim/v2/Groups/:id': { statuses: nobodyInBrowser, byScim: 400, path: '/scim/v2/Groups/{group}', body: {} },
  'PATCH /scim/v2/Groups/:id': { statuses: nobodyInBrowser, byScim: 400, path: '/scim/v2/Groups/{group}', body: {} },
  'DELETE /scim/v2/Groups/:id': { statuses: nobodyInBrowser, byScim: 204, path: '/scim/v2/Groups/{group}' },

  'GET /api/admin/instances': { statuses: readers(200) },
  'PUT /api/admin/instances/:instanceId/drain': {
    statuses: operators(404),
    path: '/api/admin/instances/none/drain',
    body: { isDraining: true },
  },
}
