import { findSyslogAddress } from './settings/audit-settings.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import type { Config } from './config.ts'
import { toLdap, toOidc, toSignIn } from './create-directory-config.ts'
import { toUploads } from './create-upload-config.ts'
import { listUnsafe } from './list-unsafe.ts'
import { isLoopbackHost } from './setting-parsers.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const OLLAMA_DEFAULT = 'http://127.0.0.1:11434'
const PRODUCTION_RATE_PER_MINUTE = 1000

type Read = <Value>(setting: Setting<Value>) => Value

class Reader {
  readonly problems: ConfigProblem[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  readonly read: Read = (setting) => {
    const text = this.#environment[setting.variable]?.trim() ?? ''
    if (text === '') return setting.default
    // An example in brackets is an instruction; copied as it is it would be a secret that everybody knows.
    const value = text === setting.example && text.startsWith('(') ? undefined : setting.parse(text)
    if (value !== undefined) return value
    this.refuse(setting, `must be ${setting.rule}`)
    return setting.default
  }

  refuse(setting: Setting<unknown>, rule: string): void {
    if (this.problems.some((problem) => problem.variable === setting.variable)) return
    this.problems.push({ variable: setting.variable, rule, example: setting.example })
  }
}

function toMode(read: Read): Config['mode'] {
  const isExposed = read(settings.databaseUrl) !== null || !isLoopbackHost(read(settings.host))
  return read(settings.mode) ?? (isExposed ? 'production' : 'embedded')
}

function toAdmin(reader: Reader): Config['admin'] {
  const email = reader.read(settings.adminEmail)
  const password = reader.read(settings.adminPassword)
  if (email !== null && password !== null) return { email, password }
  if (email !== null) reader.refuse(settings.adminPassword, 'must be set together with ADMIN_EMAIL')
  if (password !== null) reader.refuse(settings.adminEmail, 'must be set together with ADMIN_PASSWORD')
  return null
}

function toReplica(reader: Reader): Config['databaseReplica'] {
  const url = reader.read(settings.databaseReplicaUrl)
  if (url === null) return null
  if (reader.read(settings.databaseUrl) === null) reader.refuse(settings.databaseUrl, 'must be set with a replica')
  return { url, waitMs: reader.read(settings.databaseReplicaWaitMs) }
}

function toRateLimit(read: Read, mode: Config['mode']): number | null {
  const limit = read(settings.rateLimitPerMinute) ?? (mode === 'production' ? PRODUCTION_RATE_PER_MINUTE : 0)
  return limit === 0 ? null : limit
}

function toGeneration(read: Read): Config['generation'] {
  return {
    connectMs: read(settings.connectMs),
    firstContentMs: read(settings.firstContentMs),
    idleMs: read(settings.idleMs),
    totalMs: read(settings.totalMs),
    flushMs: read(settings.flushMs),
    checkpointMs: read(settings.checkpointMs),
    logTtlMs: read(settings.logTtlMs),
    maxRunning: read(settings.maxRunning),
    overloadDelayMs: read(settings.overloadDelayMs),
    retryAttempts: read(settings.retryAttempts),
    retryPercent: read(settings.retryPercent),
    retryFloor: read(settings.retryFloor),
    breakerFailures: read(settings.breakerFailures),
    breakerWindowMs: read(settings.breakerWindowMs),
    breakerOpenMs: read(settings.breakerOpenMs),
    maxWaiting: read(settings.maxWaiting),
  }
}

function toAuditPush(reader: Reader): Config['auditPush'] {
  const { read } = reader
  const [url, token, syslog] = [
    read(settings.auditPushUrl),
    read(settings.auditPushToken),
    read(settings.auditPushSyslog),
  ]
  if (url === null && token !== null) reader.refuse(settings.auditPushUrl, 'must be set with AUDIT_PUSH_TOKEN')
  return { http: url === null ? null : { url, token }, syslog: syslog === null ? null : findSyslogAddress(syslog) }
}

function refuseUnsafe(reader: Reader, config: Config): void {
  const isInsecureHttpAllowed = reader.read(settings.allowInsecureHttp)
  for (const { setting, rule } of listUnsafe({ ...config, isInsecureHttpAllowed })) reader.refuse(setting, rule)
  if (config.drain.forceMs < config.drain.acceptMs + config.drain.finishMs) {
    reader.refuse(settings.drainForceMs, 'must not be less than DRAIN_ACCEPT_MS and DRAIN_MS together')
  }
  if (config.loginSession.absoluteMs < config.loginSession.idleMs) {
    reader.refuse(settings.loginAbsoluteMs, 'must not be less than LOGIN_IDLE_MS')
  }
}

/** Pure: the environment as a typed tree. Throws ConfigError with all problems at once. */
export function createConfig(environment: Environment): Config {
  const reader = new Reader(environment)
  const { read } = reader
  const mode = toMode(read)
  const isProduction = mode === 'production'
  const oidc = toOidc(reader)
  const ldap = toLdap(reader)
  const config: Config = {
    mode,
    host: read(settings.host),
    port: read(settings.port),
    dataDir: read(settings.dataDir),
    databaseUrl: read(settings.databaseUrl),
    databasePoolMax: read(settings.databasePoolMax),
    databaseReplica: toReplica(reader),
    databaseTimeouts: {
      statementMs: read(settings.databaseStatementMs),
      idleInTransactionMs: read(settings.databaseIdleInTransactionMs),
      connectMs: read(settings.databaseConnectMs),
    },
    slowStatementMs: read(settings.slowStatementMs),
    redisUrl: read(settings.redisUrl),
    isCacheEnabled: read(settings.cacheEnabled),
    publicUrl: read(settings.publicUrl),
    trustedProxies: read(settings.trustedProxies),
    logLevel: read(settings.logLevel),
    admin: toAdmin(reader),
    agentsFile: read(settings.agentsFile),
    isDemoEnabled: read(settings.demoAgents) ?? !isProduction,
    outboundAllowedHosts: read(settings.outboundAllowedHosts),
    rateLimitPerMinute: toRateLimit(read, mode),
    loginAttemptsPerMinute: read(settings.loginAttemptsPerMinute),
    bodyLimitBytes: read(settings.bodyLimitBytes),
    auditRetentionDays: read(settings.auditRetentionDays) || null,
    auditPush: toAuditPush(reader),
    signIn: toSignIn(reader, oidc !== null || ldap !== null),
    oidc,
    ldap,
    loginSession: { idleMs: read(settings.loginIdleMs), absoluteMs: read(settings.loginAbsoluteMs) },
    quotas: {
      timeZone: read(settings.quotaTimeZone),
      currency: read(settings.quotaCurrency),
      reservedOutputTokens: read(settings.quotaReservedOutputTokens),
    },
    generation: toGeneration(read),
    uploads: toUploads(reader),
    heartbeatMs: read(settings.heartbeatMs),
    drain: {
      acceptMs: read(settings.drainAcceptMs),
      finishMs: read(settings.drainFinishMs),
      forceMs: read(settings.drainForceMs),
    },
    ssePingMs: read(settings.ssePingMs),
    sseMaxBufferBytes: read(settings.sseMaxBufferBytes),
    providerKeys: {
      openai: read(settings.openaiApiKey),
      anthropic: read(settings.anthropicApiKey),
      ollamaUrl: read(settings.ollamaUrl) ?? (isProduction ? null : OLLAMA_DEFAULT),
    },
    secretKey: read(settings.secretKey),
    newSecretKey: read(settings.newSecretKey),
    opsToken: read(settings.opsToken),
    drillDisabled: read(settings.drillDisable),
    failpoint: read(settings.failpoint),
  }
  refuseUnsafe(reader, config)
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  return config
}
