/**
 * Every error a client can meet: HTTP status, whether the same request may be repeated later, and the English sentence
 * used when the thrower gives none. `docs/ERRORS.md` is held equal to this list by a test.
 */
export const errorCatalogue = {
  account_deactivated: { status: 403, isRetryable: false, message: 'This account is switched off.' },
  account_exists: {
    status: 409,
    isRetryable: false,
    message: 'There is an account of this address already, and it is not joined to this sign-in.',
  },
  account_unknown: { status: 403, isRetryable: false, message: 'There is no account for you here.' },
  agent_inactive: { status: 409, isRetryable: false, message: 'This agent is switched off. Choose another agent.' },
  agent_key_unreadable: {
    status: 502,
    isRetryable: false,
    message: "This agent's key cannot be opened any more. Tell an administrator.",
  },
  agent_not_found: { status: 404, isRetryable: false, message: 'There is no such agent.' },
  ambiguous_credentials: { status: 400, isRetryable: false, message: 'Send either a cookie or an API key, not both.' },
  api_key_not_found: { status: 404, isRetryable: false, message: 'There is no such API key.' },
  body_too_large: { status: 413, isRetryable: false, message: 'The request body is too large.' },
  chat_session_not_found: { status: 404, isRetryable: false, message: 'There is no such chat.' },
  conflict: { status: 409, isRetryable: false, message: 'The request contradicts what is stored.' },
  csrf_failed: { status: 403, isRetryable: true, message: 'The CSRF token is missing or wrong. Reload the page.' },
  database_unavailable: { status: 503, isRetryable: true, message: 'The database is not reachable. Nothing was lost.' },
  directory_refused: {
    status: 502,
    isRetryable: true,
    message: 'The sign-in service answered with something that cannot be trusted.',
  },
  directory_unavailable: { status: 503, isRetryable: true, message: 'The sign-in service is not reachable.' },
  draining: { status: 503, isRetryable: true, message: 'This instance is shutting down. Try again.' },
  file_store_unavailable: {
    status: 503,
    isRetryable: true,
    message: 'The store of the files is not reachable. Nothing was lost.',
  },
  files_not_taken: { status: 400, isRetryable: false, message: 'This agent takes no files.' },
  files_too_large: { status: 400, isRetryable: false, message: 'These files are too large together for this agent.' },
  forbidden: { status: 403, isRetryable: false, message: 'You may not do this.' },
  generation_not_found: { status: 404, isRetryable: false, message: 'There is no such generation.' },
  generation_running: { status: 409, isRetryable: true, message: 'An answer is still being generated here.' },
  group_not_found: { status: 404, isRetryable: false, message: 'There is no such group.' },
  images_not_taken: { status: 400, isRetryable: false, message: 'This agent does not look at images.' },
  instance_not_found: { status: 404, isRetryable: false, message: 'There is no such living instance.' },
  internal: { status: 500, isRetryable: true, message: 'Something failed on our side.' },
  invalid_credentials: { status: 401, isRetryable: false, message: 'The e-mail or the password is wrong.' },
  invalid_json: { status: 400, isRetryable: false, message: 'The request body is not valid JSON.' },
  invalid_request: { status: 400, isRetryable: false, message: 'The request is not valid.' },
  last_admin: { status: 409, isRetryable: false, message: 'Somebody must stay administrator.' },
  legal_hold: { status: 409, isRetryable: false, message: 'This person is on legal hold: nothing may be erased.' },
  invitation_not_found: { status: 404, isRetryable: false, message: 'There is no such open invitation.' },
  link_invalid: { status: 404, isRetryable: false, message: 'This link was used already, has expired, or never was.' },
  login_session_not_found: { status: 404, isRetryable: false, message: 'There is no such login session.' },
  message_id_conflict: {
    status: 409,
    isRetryable: false,
    message: 'This message id was already used for another text.',
  },
  message_not_found: { status: 404, isRetryable: false, message: 'There is no such message.' },
  method_not_allowed: { status: 405, isRetryable: false, message: 'This method is not allowed here.' },
  not_found: { status: 404, isRetryable: false, message: 'There is nothing at this address.' },
  outbound_blocked: { status: 400, isRetryable: false, message: 'This upstream address is not allowed.' },
  overloaded: { status: 503, isRetryable: true, message: 'Too busy right now. Try again shortly.' },
  password_refused: {
    status: 400,
    isRetryable: false,
    message: 'This password is too easy to guess. Take a longer one, or a few words that have nothing to do with you.',
  },
  quota_exceeded: { status: 429, isRetryable: false, message: 'A quota is used up.' },
  quota_not_found: { status: 404, isRetryable: false, message: 'There is no such quota.' },
  rate_limited: { status: 429, isRetryable: true, message: 'Too many requests. Wait a moment.' },
  result_expired: { status: 409, isRetryable: false, message: 'The answer ended and its text was not stored.' },
  second_step_invalid: { status: 401, isRetryable: false, message: 'The code is wrong or was used already.' },
  second_step_expired: {
    status: 401,
    isRetryable: false,
    message: 'Too late, or too many wrong codes. Sign in again.',
  },
  sign_in_cancelled: { status: 403, isRetryable: true, message: 'The sign-in was cancelled.' },
  sign_in_expired: {
    status: 403,
    isRetryable: true,
    message: 'This sign-in took too long, was used already, or was begun in another browser. Begin again.',
  },
  password_sign_in_off: { status: 403, isRetryable: false, message: 'Sign in through your company.' },
  schema_mismatch: {
    status: 503,
    isRetryable: false,
    message: 'The database schema does not fit this version of the program.',
  },
  scope_missing: { status: 403, isRetryable: false, message: 'This API key may not do this.' },
  set_up_closed: { status: 409, isRetryable: false, message: 'The first admin exists already.' },
  set_up_token_invalid: { status: 403, isRetryable: false, message: 'This set-up link is not valid.' },
  totp_already_enabled: { status: 409, isRetryable: false, message: 'Two-step sign-in is on already.' },
  totp_not_enrolled: { status: 409, isRetryable: false, message: 'Two-step sign-in has not been begun.' },
  unauthenticated: { status: 401, isRetryable: false, message: 'Sign in first.' },
  user_not_found: { status: 404, isRetryable: false, message: 'There is no such user.' },
  unsupported_media_type: { status: 415, isRetryable: false, message: 'Send JSON.' },
  unsupported_parameter: { status: 400, isRetryable: false, message: 'This parameter is not supported by this agent.' },
  too_many_files: { status: 400, isRetryable: false, message: 'Too many files for one message.' },
  too_many_running: { status: 429, isRetryable: true, message: 'Too many answers are running at the same time.' },
  too_many_waiting: { status: 503, isRetryable: true, message: 'Too many questions wait for this agent. Try again.' },
  upload_empty: { status: 400, isRetryable: false, message: 'The file is empty.' },
  upload_in_use: { status: 409, isRetryable: false, message: 'The file belongs to a message that was sent.' },
  upload_not_found: { status: 404, isRetryable: false, message: 'There is no such file.' },
  upload_space_full: { status: 409, isRetryable: false, message: 'Your space for files is full.' },
  upload_too_large: { status: 413, isRetryable: false, message: 'The file is too large.' },
  upload_type_refused: { status: 415, isRetryable: false, message: 'Files of this type are not accepted.' },
  upstream_auth: { status: 502, isRetryable: false, message: 'The agent refused our key. Tell an administrator.' },
  upstream_bad_response: { status: 502, isRetryable: true, message: 'The agent answered with something unreadable.' },
  upstream_busy: { status: 503, isRetryable: true, message: 'The agent is still answering in this conversation.' },
  upstream_circuit_open: {
    status: 503,
    isRetryable: true,
    message: 'The agent has failed repeatedly and is left alone for a moment.',
  },
  upstream_content_filter: { status: 400, isRetryable: false, message: 'The agent refused this content.' },
  upstream_context_too_long: { status: 400, isRetryable: false, message: 'This chat is too long for the agent.' },
  upstream_deadline: { status: 504, isRetryable: true, message: 'The answer took longer than allowed.' },
  upstream_failed: { status: 502, isRetryable: true, message: 'The agent failed.' },
  upstream_idle: { status: 504, isRetryable: true, message: 'The agent stopped sending.' },
  upstream_no_content: { status: 504, isRetryable: true, message: 'The agent did not begin to answer in time.' },
  upstream_not_found: { status: 502, isRetryable: false, message: 'The agent has no such model or application.' },
  upstream_quota: { status: 502, isRetryable: false, message: 'The agent has no credit left. Tell an administrator.' },
  upstream_rate_limited: { status: 503, isRetryable: true, message: 'The agent is rate limited.' },
  upstream_rejected: { status: 502, isRetryable: false, message: 'The agent refused the request.' },
  upstream_truncated: { status: 502, isRetryable: true, message: 'The agent broke off before any text.' },
  upstream_unreachable: { status: 502, isRetryable: true, message: 'The agent is not reachable.' },
  version_mismatch: { status: 412, isRetryable: false, message: 'It was changed meanwhile. Read it again.' },
} as const satisfies Record<string, ErrorEntry>

interface ErrorEntry {
  status: number
  isRetryable: boolean
  message: string
}

export type ErrorCode = keyof typeof errorCatalogue

/** True when `value` is a code of the catalogue. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value)
}
