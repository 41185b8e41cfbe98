import { agentSettings } from './settings/agent-settings.ts'
import { auditSettings } from './settings/audit-settings.ts'
import { databaseSettings } from './settings/database-settings.ts'
import { directorySettings } from './settings/directory-settings.ts'
import { generationSettings } from './settings/generation-settings.ts'
import { ldapSettings } from './settings/ldap-settings.ts'
import { operationSettings } from './settings/operation-settings.ts'
import { peopleSettings } from './settings/people-settings.ts'
import { quotaSettings } from './settings/quota-settings.ts'
import { redisSettings } from './settings/redis-settings.ts'
import { serverSettings } from './settings/server-settings.ts'
import { uploadSettings } from './settings/upload-settings.ts'

/** Every setting, by the key that `createConfig` reads it with. */
export const settings = {
  ...serverSettings,
  ...databaseSettings,
  ...redisSettings,
  ...peopleSettings,
  ...auditSettings,
  ...quotaSettings,
  ...directorySettings,
  ...ldapSettings,
  ...agentSettings,
  ...generationSettings,
  ...uploadSettings,
  ...operationSettings,
}

/** The same, as the docs group them. */
export const settingSections = [
  { title: 'Server', settings: Object.values(serverSettings) },
  { title: 'Database', settings: Object.values(databaseSettings) },
  { title: 'Redis', settings: Object.values(redisSettings) },
  { title: 'People', settings: Object.values(peopleSettings) },
  { title: 'Audit log', settings: Object.values(auditSettings) },
  { title: 'Quotas', settings: Object.values(quotaSettings) },
  { title: 'Directory', settings: Object.values(directorySettings) },
  { title: 'LDAP', settings: Object.values(ldapSettings) },
  { title: 'Agents', settings: Object.values(agentSettings) },
  { title: 'Answers', settings: Object.values(generationSettings) },
  { title: 'Uploads', settings: Object.values(uploadSettings) },
  { title: 'Operation', settings: Object.values(operationSettings) },
]
