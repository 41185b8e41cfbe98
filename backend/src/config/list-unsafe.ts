import type { Config } from './config.ts'
import { isLoopbackHost } from './setting-parsers.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

/** Something that must not be so, to end the sentence "VARIABLE …". */
export interface Unsafe {
  setting: Setting<unknown>
  rule: string
}

type Found = Config & { isInsecureHttpAllowed: boolean }

/** A secret made at random has more than this; `changeme…` and one key held down have not. */
const MIN_DIFFERENT = 10
/** Brute force: above this the limit is none. */
const MAX_ATTEMPTS_PER_MINUTE = 100
/** Passwords that images, tutorials and examples come with. */
const DEFAULT_PASSWORDS = ['postgres', 'password', 'llmchat', 'changeme', 'admin', 'root', 'secret', 'example', 'redis']
/** Where clouds hand their machines' own credentials out. */
const METADATA_HOSTS = [
  '169.254.169.254',
  '169.254.170.2',
  '168.63.129.16',
  '[fd00:ec2::254]',
  'metadata.google.internal',
]

function findPassword(url: string | null): string | null {
  return url === null ? null : decodeURIComponent(new URL(url).password)
}

function isRepetitive(secret: string | null): boolean {
  return secret !== null && new Set(secret).size < MIN_DIFFERENT
}

function hasDefaultPassword(url: string | null): boolean {
  return DEFAULT_PASSWORDS.includes(findPassword(url)?.toLowerCase() ?? '')
}

/** `*` and `*.com` are everybody. */
function isAnybody(entry: string): boolean {
  return /^\*?\.?[^.:[\]]*(?::\d+)?$/.test(entry) && entry.includes('*')
}

function isMetadataHost(entry: string): boolean {
  return METADATA_HOSTS.some((host) => entry === host || entry.startsWith(`${host}:`))
}

function* findBadSecrets(config: Found): Generator<Unsafe> {
  const { secretKey, opsToken, admin } = config
  if (secretKey === null) yield { setting: settings.secretKey, rule: 'must be set in production' }
  if (isRepetitive(secretKey)) yield { setting: settings.secretKey, rule: 'must be made at random' }
  if (isRepetitive(opsToken)) yield { setting: settings.opsToken, rule: 'must be made at random' }
  if (opsToken !== null && opsToken === secretKey) {
    yield { setting: settings.opsToken, rule: 'must be another secret than SECRET_KEY: monitoring gets to know it' }
  }
  if (admin !== null && (admin.password === secretKey || admin.password === opsToken)) {
    yield { setting: settings.adminPassword, rule: 'must be another secret than SECRET_KEY and OPS_TOKEN' }
  }
  for (const [setting, url] of [
    [settings.databaseUrl, config.databaseUrl],
    [settings.databaseReplicaUrl, config.databaseReplica?.url ?? null],
    [settings.redisUrl, config.redisUrl],
  ] as const) {
    if (hasDefaultPassword(url)) yield { setting, rule: 'must not have a password that everybody knows' }
  }
}

function* findTooOpen(config: Found): Generator<Unsafe> {
  if (config.publicUrl?.startsWith('https://') !== true && !config.isInsecureHttpAllowed) {
    const rule = 'must be an https address in production (or set ALLOW_INSECURE_HTTP=1)'
    yield { setting: settings.publicUrl, rule }
  }
  if (config.trustedProxies.some((entry) => /\/0+$/.test(entry))) {
    const rule = 'must name the proxies: a network of /0 lets anybody say where a request comes from'
    yield { setting: settings.trustedProxies, rule }
  }
  if (config.outboundAllowedHosts.some(isAnybody)) {
    yield { setting: settings.outboundAllowedHosts, rule: 'must name hosts or *.domain.example, not everybody' }
  }
  if (config.outboundAllowedHosts.some(isMetadataHost)) {
    yield { setting: settings.outboundAllowedHosts, rule: 'must not name an address where clouds give out credentials' }
  }
}

/** Issuers that let in people of every company, or everybody. */
const EVERYBODYS_ISSUER =
  /^https:\/\/(accounts\.google\.com|login\.microsoftonline\.com\/(common|organizations|consumers)(\/.*)?)\/?$/

/** Where people come from. */
function* findBadDirectories(config: Found): Generator<Unsafe> {
  const { oidc, ldap } = config
  const isOpen = (url: string): boolean => url.startsWith('ldap:') && !isLoopbackHost(new URL(url).hostname)
  if (ldap !== null && !ldap.isStartTls && ldap.urls.some(isOpen)) {
    const rule = 'must be ldaps:// addresses in production (or set LDAP_START_TLS=1): passwords go there'
    yield { setting: settings.ldapUrl, rule }
  }
  if (oidc === null) return
  if (!oidc.issuer.startsWith('https://') && !isLoopbackHost(new URL(oidc.issuer).hostname)) {
    yield { setting: settings.oidcIssuer, rule: 'must be an https address in production' }
  }
  if (oidc.isAutoCreate && EVERYBODYS_ISSUER.test(oidc.issuer)) {
    const rule = 'must be 0 with an issuer that lets in everybody: take the issuer of your own tenant'
    yield { setting: settings.oidcAutoCreate, rule }
  }
}

/** What tests and drills need, where only this machine can come in. */
function* findTestOnly(config: Found): Generator<Unsafe> {
  const rule = 'must not be set where HOST is not loopback'
  if (config.drillDisabled.length > 0) yield { setting: settings.drillDisable, rule }
  if (config.failpoint !== null) yield { setting: settings.failpoint, rule }
  if (config.loginAttemptsPerMinute > MAX_ATTEMPTS_PER_MINUTE) {
    const most = `must be at most ${String(MAX_ATTEMPTS_PER_MINUTE)} where HOST is not loopback`
    yield { setting: settings.loginAttemptsPerMinute, rule: most }
  }
}

/** Every unsafe setting at once: production does not start with one. */
export function listUnsafe(config: Found): Unsafe[] {
  return [
    ...(config.mode === 'production'
      ? [...findBadSecrets(config), ...findTooOpen(config), ...findBadDirectories(config)]
      : []),
    ...(isLoopbackHost(config.host) ? [] : findTestOnly(config)),
  ]
}
