import type { zhAdminErrors } from '../zh/admin-errors.ts'

export const enAdminErrors = {
  'admin.error.agent_inactive': 'This agent is switched off. Switch it on and try again.',
  'admin.error.agent_key_unreadable':
    'The stored key cannot be opened, most likely because SECRET_KEY was exchanged. Write the key again.',
  'admin.error.agent_not_found': 'This agent no longer exists. Nothing was changed. Reload the list.',
  'admin.error.body_too_large': 'Too large, so it was not saved. Shorten it and try again.',
  'admin.error.database_unavailable':
    'The database is not reachable, so nothing was saved. What you typed is still here. Retry shortly.',
  'admin.error.internal':
    'Something failed on the server and nothing was saved. What you typed is still here. Retry; if it goes on, look for the id in the logs.',
  'admin.error.invalid_request':
    'The server does not accept part of this, so it was not saved. Correct it and try again.',
  'admin.error.network':
    'The server is not reachable, so nothing was saved. What you typed is still here. Check the network and retry.',
  'admin.error.outbound_blocked':
    'This address is not allowed, so nothing was sent. Change it, or add it to OUTBOUND_ALLOWED_HOSTS.',
  'admin.error.overloaded': 'Too busy right now, so it was not done. Try again shortly.',
  'admin.error.rate_limited': 'Too many requests, so it was not done. Try again shortly.',
  'admin.error.too_many_waiting': 'Too many questions wait for this agent. Retry later, or raise its limit.',
  'admin.error.upstream_auth': 'The upstream refused the key. Check it or write a new one.',
  'admin.error.upstream_bad_response':
    'The upstream answered with something unreadable. Check that address and provider belong together.',
  'admin.error.upstream_busy': 'The upstream is busy. Retry shortly.',
  'admin.error.upstream_circuit_open':
    'The upstream has failed repeatedly and is left alone for a moment. Retry shortly.',
  'admin.error.upstream_content_filter': 'The upstream refused the content of the test question. Check its filter.',
  'admin.error.upstream_context_too_long': 'The upstream says the input is too long. Check the system prompt.',
  'admin.error.upstream_deadline': 'The upstream took longer than allowed. Check its load.',
  'admin.error.upstream_failed': 'The upstream failed. Look at its own logs.',
  'admin.error.upstream_idle': 'The upstream stopped sending. Check it and the proxies on the way.',
  'admin.error.upstream_no_content': 'The upstream did not begin to answer in time. Check its load.',
  'admin.error.upstream_not_found':
    'The upstream has no such model or application, or the address is wrong. Check all three.',
  'admin.error.upstream_quota': 'The upstream has no credit left. Add credit, or use another key.',
  'admin.error.upstream_rate_limited':
    'The upstream is rate limited. Retry later, or lower the limit of answers at once.',
  'admin.error.upstream_rejected': 'The upstream refused the request. Check the model and the other options.',
  'admin.error.upstream_truncated': 'The upstream broke off before any text. Check it and the proxies on the way.',
  'admin.error.upstream_unreachable': 'The upstream is not reachable. Check the address and the network.',
  'admin.error.unsupported_parameter':
    'The upstream does not support one of the parameters. Check temperature, limit and the other options.',
} satisfies Record<keyof typeof zhAdminErrors, string>
