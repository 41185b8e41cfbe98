import { errorCatalogue } from '@llmchat/protocol/error-code'
import type { AppError } from '../../../base/app-error.ts'

/** What RFC 7644 has a word for, where the thrower gave none. */
const scimTypes: Partial<Record<string, string>> = {
  invalid_json: 'invalidSyntax',
  invalid_request: 'invalidValue',
  last_admin: 'mutability',
}

function findScimType({ code, details }: AppError): string | undefined {
  const isTold = typeof details === 'object' && details !== null && 'scimType' in details
  return isTold ? String(details.scimType) : scimTypes[code]
}

/** An error in SCIM's shape (RFC 7644 §3.12). */
export function toScimError(error: AppError): object {
  const scimType = findScimType(error)
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ...(scimType === undefined ? {} : { scimType }),
    detail: error.message,
    status: String(errorCatalogue[error.code].status),
  }
}
