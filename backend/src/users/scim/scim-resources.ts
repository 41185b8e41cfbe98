import type { Clock } from '../../base/clock.ts'
import type { CreateId } from '../../base/ids.ts'
import type { CacheService } from '../../cache/cache-service.ts'
import type { Database } from '../../db/database.ts'
import type { RecordActs } from '../directory/directory-act.ts'
import type { IfMatch } from './assert-version.ts'
import type { ScimJson } from './scim-json.ts'
import type { ScimQuery } from './scim-page.ts'

export interface ScimDeps {
  database: Database
  cache: Pick<CacheService, 'del'>
  clock: Clock
  createId: CreateId
}

/** A request that writes: where SCIM lies, and how its acts are written down. */
export interface ScimWrite {
  baseUrl: string
  record: RecordActs
  ifMatch?: IfMatch
}

/**
 * One kind of resource as SCIM 2.0 (RFC 7643, 7644) keeps it. Errors: `invalid_request`, `conflict` (`uniqueness`),
 * `version_mismatch`.
 */
export interface ScimResources {
  list(query: ScimQuery, baseUrl: string): Promise<ScimJson>
  get(id: string, baseUrl: string): Promise<ScimJson>
  create(resource: ScimJson, write: ScimWrite): Promise<ScimJson>
  replace(id: string, resource: ScimJson, write: ScimWrite): Promise<ScimJson>
  patch(id: string, body: unknown, write: ScimWrite): Promise<ScimJson>
  remove(id: string, write: ScimWrite): Promise<void>
}
