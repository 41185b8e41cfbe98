import type { Generated, JSONColumnType } from 'kysely'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { ApiKeyScope, UserRole, UserSource } from '@llmchat/protocol/api/user-schema'
import type { Delivery, Timing, Usage } from '@llmchat/protocol/chat-event'
import type { MessagePart } from '@llmchat/protocol/message-part'
import type { AttachmentTable, MessageAttachmentTable, UploadRemovalTable } from './attachment-tables.ts'
import type { AuditChainTable, AuditKeyTable, AuditLogTable, AuditPushTable } from './audit-tables.ts'
import type {
  DefaultTimestamp,
  Json,
  NullableJson,
  NullableNumber,
  NullableText,
  NullableTimestamp,
  Timestamp,
} from './column-types.ts'
import type {
  AgentPriceTable,
  QuotaReservationTable,
  QuotaTable,
  QuotaUsageTable,
  UsageRecordTable,
} from './quota-tables.ts'

export type AgentOrigin = 'demo' | 'environment' | 'import' | 'admin'
export type GenerationStatus = 'running' | 'complete' | 'stopped' | 'interrupted' | 'failed'

/** Ids of the upstream's side of an answer, as `providers/provider-part.ts` `UpstreamIds` has them. */
export type StoredUpstreamIds = Record<string, string | number>

interface UserTable {
  id: string
  email: string
  name: string
  /** Null: they have no password here. */
  password_hash: string | null
  role: UserRole
  source: Generated<UserSource>
  is_active: Generated<boolean>
  /** Nothing of this person may be erased, nor their audit rows dropped. */
  is_on_legal_hold: Generated<boolean>
  /** Only the id is left of this person. */
  erased_at: NullableTimestamp
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

interface LoginSessionTable {
  id: string
  user_id: string
  /** SHA-256 of the cookie's token, hex. */
  token_hash: string
  created_at: DefaultTimestamp
  last_seen_at: DefaultTimestamp
  idle_expires_at: Timestamp
  expires_at: Timestamp
  user_agent: Generated<string>
  address: Generated<string>
  is_persistent: Generated<boolean>
}

export type OneTimeTokenKind = 'password-reset' | 'invitation' | 'second-step' | 'oidc-sign-in'

interface OneTimeTokenTable {
  id: string
  kind: OneTimeTokenKind
  /** SHA-256 of the token, hex. */
  token_hash: string
  /** Null: an invitation. */
  user_id: string | null
  content: Json<Record<string, string | boolean>>
  failures: Generated<number>
  created_at: DefaultTimestamp
  expires_at: Timestamp
  used_at: NullableTimestamp
}

interface UserTotpTable {
  user_id: string
  /** AES-256-GCM, sealed for this user. */
  secret_sealed: string
  /** Of 30 s each, since 1970. */
  last_step: Generated<number>
  confirmed_at: NullableTimestamp
  created_at: DefaultTimestamp
}

interface RecoveryCodeTable {
  user_id: string
  /** SHA-256, hex. */
  code_hash: string
  used_at: NullableTimestamp
}

interface ApiKeyTable {
  id: string
  user_id: string
  name: string
  prefix: string
  /** SHA-256 of the whole key, hex. */
  key_hash: string
  created_at: DefaultTimestamp
  last_used_at: NullableTimestamp
  revoked_at: NullableTimestamp
  rate_limit_per_minute: NullableNumber
  scopes: Json<ApiKeyScope[]>
  expires_at: NullableTimestamp
}

interface AgentConfigTable {
  id: string
  name: string
  description: Generated<string>
  provider: ProviderName
  base_url: string
  /** AES-256-GCM, see agents/secret-box. */
  api_key_sealed: string | null
  model: string | null
  app_id: string | null
  system_prompt: string | null
  temperature: number | null
  max_tokens: number | null
  options: Json<Record<string, unknown>>
  suggestions: Json<string[]>
  fallback_agent_ids: Json<string[]>
  max_concurrent: number | null
  hedge_after_ms: number | null
  takes_images: Generated<boolean>
  takes_files: Generated<boolean>
  origin: AgentOrigin
  is_active: Generated<boolean>
  is_default: Generated<boolean>
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

interface ChatSessionTable {
  user_id: string
  id: string
  title: string
  agent_id: string | null
  active_leaf_id: string | null
  is_pinned: Generated<boolean>
  is_archived: Generated<boolean>
  last_answer_at: NullableTimestamp
  last_read_at: DefaultTimestamp
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

interface ChatMessageTable {
  user_id: string
  id: string
  session_id: string
  parent_id: string | null
  role: 'user' | 'assistant'
  parts: Json<MessagePart[]>
  /** Plain text of the parts, for search. */
  body: Generated<string>
  /** Null on user messages and while the answer runs. */
  delivery: NullableJson<Delivery>
  agent_id: string | null
  agent_name: string | null
  /** Name of the agent that was asked, where a fall-back agent answered. */
  instead_of: string | null
  generation_id: string | null
  upstream: Json<StoredUpstreamIds>
  usage: NullableJson<Usage>
  timing: NullableJson<Timing>
  created_at: DefaultTimestamp
}

interface GenerationTable {
  id: string
  user_id: string
  /** Null for `/v1` calls. */
  session_id: string | null
  message_id: string
  agent_id: string
  owner_instance: string
  fence: Generated<number>
  status: GenerationStatus
  stop_requested_at: NullableTimestamp
  checkpoint_seq: Generated<number>
  /** A FoldedMessage. */
  checkpoint: NullableJson<unknown>
  final_seq: number | null
  log_closed: Generated<boolean>
  adoptions: Generated<number>
  /** Context of a `/v1` call; erased at the end. */
  request: NullableJson<unknown>
  /** `/v1` with `store: true`: the finished FoldedMessage. */
  result: NullableJson<unknown>
  upstream: Json<StoredUpstreamIds>
  idempotency_key: string | null
  request_hash: string | null
  delivery: NullableJson<Delivery>
  usage: NullableJson<Usage>
  timing: NullableJson<Timing>
  created_at: DefaultTimestamp
  finished_at: NullableTimestamp
}

interface InstanceTable {
  id: string
  heartbeat_at: DefaultTimestamp
  started_at: DefaultTimestamp
  dead_at: NullableTimestamp
  is_draining: Generated<boolean>
  version: string
}

interface MessageFeedbackTable {
  user_id: string
  message_id: string
  rating: 'good' | 'bad'
  comment: string | null
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

interface GroupTable {
  id: string
  name: string
  description: Generated<string>
  /** What SCIM calls it. */
  external_id: NullableText
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

interface GroupMemberTable {
  group_id: string
  user_id: string
  /** Who gave it: what a directory gave, only that directory takes away. */
  source: Generated<UserSource>
  created_at: DefaultTimestamp
}

interface UserIdentityTable {
  issuer: string
  subject: string
  user_id: string
  created_at: DefaultTimestamp
  last_login_at: NullableTimestamp
}

/** What SCIM knows of a person beyond ours. */
interface ScimUserTable {
  user_id: string
  user_name: string
  /** In lower case: SCIM compares names without case. */
  user_name_key: string
  external_id: NullableText
  given_name: NullableText
  family_name: NullableText
  /** SCIM deleted them: switched off here, and to SCIM not there. */
  deleted_at: NullableTimestamp
}

interface AgentAccessTable {
  agent_id: string
  group_id: string
  effect: 'allow' | 'deny'
}

interface SettingTable {
  key: string
  value: JSONColumnType<object>
  updated_at: DefaultTimestamp
}

/** Every table, as Kysely sees it. Held equal to the migrations by a test. */
export interface DatabaseSchema {
  users: UserTable
  login_sessions: LoginSessionTable
  one_time_tokens: OneTimeTokenTable
  user_totp: UserTotpTable
  recovery_codes: RecoveryCodeTable
  api_keys: ApiKeyTable
  agent_configs: AgentConfigTable
  chat_sessions: ChatSessionTable
  chat_messages: ChatMessageTable
  generations: GenerationTable
  instances: InstanceTable
  message_feedback: MessageFeedbackTable
  groups: GroupTable
  group_members: GroupMemberTable
  user_identities: UserIdentityTable
  scim_users: ScimUserTable
  agent_access: AgentAccessTable
  quotas: QuotaTable
  quota_usage: QuotaUsageTable
  quota_reservations: QuotaReservationTable
  agent_prices: AgentPriceTable
  usage_records: UsageRecordTable
  audit_keys: AuditKeyTable
  audit_logs: AuditLogTable
  audit_chain: AuditChainTable
  audit_pushes: AuditPushTable
  settings: SettingTable
  attachments: AttachmentTable
  message_attachments: MessageAttachmentTable
  upload_removals: UploadRemovalTable
}
