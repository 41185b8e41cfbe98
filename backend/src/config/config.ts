import type { LdapConfig, OidcConfig, SignInConfig } from './directory-config.ts'
import type { UploadConfig } from './upload-config.ts'

/** Everything the process may be told, typed and checked. Made by `createConfig`; only env.ts reads the environment. */
export interface Config {
  mode: 'embedded' | 'production'
  host: string
  port: number
  dataDir: string
  /** Null: embedded PGlite in `dataDir`. */
  databaseUrl: string | null
  databasePoolMax: number
  /** A streaming standby for reads, or null. */
  databaseReplica: { url: string; waitMs: number } | null
  databaseTimeouts: { statementMs: number; idleInTransactionMs: number; connectMs: number }
  /** Statements that take longer are logged and counted, ms. */
  slowStatementMs: number
  /** Null: log, cache and limits live in the process, and this is the only instance. */
  redisUrl: string | null
  /** False: everything is loaded anew, to measure what remembering brings. */
  isCacheEnabled: boolean
  /** The address people use, e.g. https://chat.corp.example; null: derived from host and port. */
  publicUrl: string | null
  trustedProxies: string[]
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  admin: { email: string; password: string } | null
  /** Path of an agents file imported at start, or null. */
  agentsFile: string | null
  isDemoEnabled: boolean
  outboundAllowedHosts: string[]
  /** Requests per minute, per user or address; null: no limit. Login has a limit of its own. */
  rateLimitPerMinute: number | null
  loginAttemptsPerMinute: number
  bodyLimitBytes: number
  /** Null: the audit log is kept for ever. */
  auditRetentionDays: number | null
  auditPush: {
    http: { url: string; token: string | null } | null
    syslog: { transport: 'tcp' | 'tls' | 'udp'; host: string; port: number } | null
  }
  signIn: SignInConfig
  /** Null: nobody signs in by OpenID Connect. */
  oidc: OidcConfig | null
  /** Null: nobody signs in by LDAP. */
  ldap: LdapConfig | null
  loginSession: { idleMs: number; absoluteMs: number }
  /** `timeZone`: an IANA name. `currency`: ISO 4217. */
  quotas: { timeZone: string; currency: string; reservedOutputTokens: number }
  generation: {
    connectMs: number
    firstContentMs: number
    idleMs: number
    totalMs: number
    flushMs: number
    checkpointMs: number
    /** How long a finished log stays readable, ms. */
    logTtlMs: number
    maxRunning: number
    overloadDelayMs: number
    retryAttempts: number
    retryPercent: number
    retryFloor: number
    breakerFailures: number
    breakerWindowMs: number
    breakerOpenMs: number
    maxWaiting: number
  }
  uploads: UploadConfig
  heartbeatMs: number
  drain: { acceptMs: number; finishMs: number; forceMs: number }
  ssePingMs: number
  sseMaxBufferBytes: number
  /** Found in the environment: they become agents by themselves. */
  providerKeys: { openai: string | null; anthropic: string | null; ollamaUrl: string | null }
  /** Secret for sealing agent keys and signing CSRF tokens; null: a file made in `dataDir` on first run. */
  secretKey: string | null
  /** Only for the command that exchanges the secret. */
  newSecretKey: string | null
  /** Lets monitoring see figures and details from elsewhere; null: only this machine and admins. */
  opsToken: string | null
  /** Drills only: guards that are off, to see the drill fail. */
  drillDisabled: string[]
  /** Tests only: where the process dies. */
  failpoint: string | null
}
