import type { zhError } from '../zh/error.ts'

export const enError = {
  'error.account_deactivated':
    'This account is switched off, so you were not signed in. Ask an administrator if you need it.',
  'error.account_exists':
    'There is an account of this address already, and it is not joined to your company sign-in. You were not signed in. Ask an administrator.',
  'error.account_unknown': 'There is no account for you here yet. You were not signed in. Ask an administrator.',
  'error.directory_refused':
    'The company sign-in answered with something that cannot be trusted. You were not signed in. Try again; if it goes on, tell an administrator.',
  'error.directory_unavailable': 'The company sign-in is not reachable. You were not signed in. Try again in a while.',
  'error.password_sign_in_off':
    'Passwords are not used here, so you were not signed in. Sign in with your company account.',
  'error.sign_in_cancelled': 'The sign-in was cancelled. Begin again if you like.',
  'error.sign_in_expired':
    'This sign-in took too long, was used already, or was begun in another browser. You were not signed in. Begin again.',
  'error.version_mismatch': 'It was changed elsewhere meanwhile, so nothing was saved. Reload and change it again.',
  'error.agent_inactive':
    'This agent is switched off. Your message was not sent; its text is still here. Choose another agent and send again.',
  'error.agent_key_unreadable':
    "This agent's key can no longer be opened. Your message was not sent; its text is still here. Choose another agent, or tell an administrator.",
  'error.agent_not_found':
    'This agent no longer exists. Your message was not sent; its text is still here. Choose another agent and send again.',
  'error.ambiguous_credentials':
    'The request carried a login and an API key. Nothing was changed. Use only one of them.',
  'error.api_key_not_found': 'This API key no longer exists. Nothing else changed. Reload the list to see your keys.',
  'error.body_too_large': 'Too large, so it was not sent. The text is still here. Send it in several messages.',
  'error.chat_session_not_found':
    'This chat does not exist or was deleted. What you just wrote is still here. Send it in a new chat.',
  'error.conflict': 'This was changed elsewhere, so it was not saved. Reload and change it again.',
  'error.csrf_failed': 'The security check failed, so nothing was sent. The text is still here. Reload the page.',
  'error.database_unavailable':
    'The database is not reachable. Everything saved is safe and your new text is still here. Retry shortly.',
  'error.draining': 'This instance is shutting down. The text is still here. Retry now; another instance will take it.',
  'error.forbidden': 'You may not do this. Nothing was changed. Ask an administrator if you need it.',
  'error.generation_not_found':
    'This generation no longer exists. The text so far is kept. Regenerate to get a new answer.',
  'error.generation_running':
    'An answer is still being generated here. The text is kept. Send it when that one ends or is stopped.',
  'error.group_not_found': 'This group no longer exists. Nothing was changed. Reload the list.',
  'error.instance_not_found': 'There is no such instance any more. Reload the list.',
  'error.internal':
    'Something failed on the server. Everything saved is safe and your new text is still here. Retry; if it goes on, give the id to an administrator.',
  'error.invalid_credentials': 'The email or the password is wrong. You are not signed in. Correct it and try again.',
  'error.invalid_json':
    'The server could not read this request and did nothing. The text is still here. Reload the page and try again.',
  'error.invalid_request':
    'The server does not accept part of this request and did nothing. The text is still here. Correct it and try again.',
  'error.last_admin':
    'Nobody else is an administrator, so nothing was changed. Make somebody else administrator first.',
  'error.legal_hold': 'This person is on legal hold, so nothing was erased. Lift the hold first.',
  'error.invitation_not_found': 'This invitation does not exist or was used. Nothing changed. Reload the list.',
  'error.link_invalid':
    'This link was used already, has expired or is incomplete. Nothing changed. Ask an administrator for a new one.',
  'error.login_session_not_found': 'This login has ended already. Nothing else changed. Reload the list.',
  'error.password_refused':
    'This password is too easy to guess, so it was not saved. Take a few words that have nothing to do with you, or a longer one.',
  'error.second_step_expired': 'Too late, or too many wrong codes. You are not signed in. Sign in again.',
  'error.second_step_invalid':
    'The code is wrong or was used already. You are not signed in. Wait for the next code and try again.',
  'error.totp_already_enabled': 'Two-step sign-in is on already. Nothing changed. Reload to see it.',
  'error.totp_not_enrolled': 'Two-step sign-in has not been begun. Nothing changed. Switch it on again.',
  'error.user_not_found': 'There is no such person. Nothing changed. Reload the list.',
  'error.message_id_conflict':
    'The id of this message belongs to another text, so it was not sent. The text is still here. Send it again.',
  'error.message_not_found':
    'This message does not exist or was deleted. What you just wrote is still here. Reload the chat and try again.',
  'error.method_not_allowed': 'This is not allowed here. Nothing was changed. Reload the page and try again.',
  'error.not_found': 'There is nothing here. Nothing was changed. Check the address, or go back to your chats.',
  'error.outbound_blocked':
    'The address of this agent is not allowed, so nothing went out. Your message is saved. Tell an administrator, or choose another agent.',
  'error.overloaded': 'Too busy right now, so it was not sent. The text is still here. Try again shortly.',
  'error.quota_exceeded':
    'A quota is used up, so it was not sent. The text is still here. Wait until it renews, or ask an administrator to raise it.',
  'error.quota_not_found': 'This quota no longer exists. Nothing changed. Reload the list.',
  'error.rate_limited': 'Too many requests, so it was not sent. The text is still here. Try again shortly.',
  'error.result_expired': 'This answer ended and its text was not stored. Send it again if you need it.',
  'error.schema_mismatch':
    'The database does not fit this version of the program. Everything saved is safe and your new text is still here. Tell an administrator.',
  'error.scope_missing': 'This API key may not do this. Nothing was changed. Use a key with the right scope.',
  'error.set_up_closed': 'An administrator exists already, so no account was created. Sign in with that account.',
  'error.set_up_token_invalid':
    'This set-up link is not valid or has expired. No account was created. Use the link printed at the latest start.',
  'error.unauthenticated': 'Your login expired. The text is still here. Sign in to go on.',
  'error.unsupported_media_type':
    'The server does not accept this format and did nothing. The text is still here. Reload the page and try again.',
  'error.unsupported_parameter':
    'This agent does not support one of the parameters, so nothing was sent. The text is still here. Choose another agent.',
  'error.too_many_running':
    'Too many answers are running, so it was not sent. The text is still here. Send it when one of them has ended.',
  'error.too_many_waiting':
    'Too many questions wait for this agent. Your message is saved. Retry, or choose another agent.',
  'error.file_store_unavailable':
    'The store of the files is not reachable, so it was not sent. The text is still here. Try again shortly.',
  'error.files_not_taken':
    'This agent takes no such files, so it was not sent. The text is still here. Choose another agent.',
  'error.files_too_large':
    'These files are too large together for this agent, so it was not sent. The text is still here. Take some off.',
  'error.images_not_taken':
    'This agent does not look at images, so it was not sent. The text is still here. Choose another agent.',
  'error.too_many_files': 'Too many files, so it was not sent. The text is still here. Take some off.',
  'error.upload_empty': 'This file is empty, so it was not added.',
  'error.upload_in_use': 'This file belongs to a message that was sent. It stays until its chat is deleted.',
  'error.upload_not_found':
    'A file is no longer there, so it was not sent. The text is still here. Add the file again.',
  'error.upload_space_full': 'Your space for files is full. Delete chats with files you no longer need.',
  'error.upload_too_large': 'This file is too large, so it was not added.',
  'error.upload_type_refused': 'Files of this type are not accepted, so it was not added.',
  'error.upstream_auth':
    'The agent refused our key. Your message is saved. Tell an administrator, or choose another agent.',
  'error.upstream_bad_response':
    'The agent answered with something unreadable. Your message is saved. Retry, or choose another agent.',
  'error.upstream_busy':
    'The agent is still answering the previous message of this chat. Your message is saved. Retry shortly.',
  'error.upstream_circuit_open':
    'The agent has failed repeatedly and is left alone for a moment. Your message is saved. Retry, or choose another agent.',
  'error.upstream_content_filter': 'The agent refused this content. Your message is saved. Put it in other words.',
  'error.upstream_context_too_long':
    'This chat is longer than the agent can read. Your message is saved. Start a new chat with the main points.',
  'error.upstream_deadline':
    'The answer took longer than allowed. What was written and your message are saved. Retry, or ask for less at once.',
  'error.upstream_failed': 'The agent failed. Your message is saved. Retry, or choose another agent.',
  'error.upstream_idle':
    'The agent stopped sending. What was written and your message are saved. Continue, or regenerate.',
  'error.upstream_no_content':
    'The agent did not begin to answer in time. Your message is saved. Retry, or choose another agent.',
  'error.upstream_not_found':
    'The agent has no such model or application. Your message is saved. Tell an administrator, or choose another agent.',
  'error.upstream_quota':
    'The agent has no credit left. Your message is saved. Tell an administrator, or choose another agent.',
  'error.upstream_rate_limited': 'The agent is rate limited. Your message is saved. Retry in a moment.',
  'error.upstream_rejected':
    'The agent refused the request. Your message is saved. Put it in other words, or choose another agent.',
  'error.upstream_truncated': 'The agent broke off before any text. Your message is saved. Retry.',
  'error.upstream_unreachable': 'The agent is not reachable. Your message is saved. Retry, or choose another agent.',
  'error.network': 'The server is not reachable. The text is still on this device. Check the network and retry.',
} satisfies Record<keyof typeof zhError, string>
