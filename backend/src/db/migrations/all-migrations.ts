import { initial } from './0001-initial.ts'
import { performanceIndexes } from './0002-performance-indexes.ts'
import { autovacuum } from './0003-autovacuum.ts'
import { agentResilience } from './0004-agent-resilience.ts'
import { apiKeyLimits } from './0005-api-key-limits.ts'
import { ownerLoss } from './0006-owner-loss.ts'
import { rolesAndScopes } from './0007-roles-and-scopes.ts'
import { audit } from './0008-audit.ts'
import { groups } from './0009-groups.ts'
import { identity } from './0010-identity.ts'
import { secondFactor } from './0011-second-factor.ts'
import { quotas } from './0012-quotas.ts'
import { directory } from './0013-directory.ts'
import { attachments } from './0014-attachments.ts'
import { auditPush } from './0015-audit-push.ts'
import type { Migration } from './migration.ts'

/** In the order of application; new ones go to the end. */
export const allMigrations: readonly Migration[] = [
  initial,
  performanceIndexes,
  autovacuum,
  agentResilience,
  apiKeyLimits,
  ownerLoss,
  rolesAndScopes,
  audit,
  groups,
  identity,
  secondFactor,
  quotas,
  directory,
  attachments,
  auditPush,
]
