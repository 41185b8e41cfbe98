import { toApiError } from '../api/api-error.ts'

/** What an administrator needs to find the error in the logs: its code and the id of the request. */
export function ErrorCodeLine({ error }: { error: unknown }) {
  const { code, requestId } = toApiError(error)
  return <code>{requestId ? `${code} · ${requestId}` : code}</code>
}
