import { Client, Filter, ResultCodeError, type Entry } from 'ldapts'
import pLimit from 'p-limit'
import { AppError } from '../../base/app-error.ts'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { LdapConfig } from '../../config/directory-config.ts'
import type { DirectoryPerson } from '../directory/directory-person.ts'
import { toLdapPerson, type LdapEntry } from './to-ldap-person.ts'

/** Signing in by the passwords of an LDAP directory. */
export interface LdapSignIn {
  readonly config: LdapConfig
  /** Null: nobody of this name, or another password. Errors: `directory_unavailable`, `overloaded`. */
  authenticate(login: string, password: string): Promise<DirectoryPerson | null>
}

interface LdapDeps {
  clock: Pick<Clock, 'monotonicMs'>
  logger: Logger
  /** PEM; null: what Node trusts. */
  ca: string | null
}

/** At the servers at once; more wait, and of those that wait more than these are turned away. */
const MAX_AT_ONCE = 16
const MAX_WAITING = 200
/** A server that was away is left alone for so long; while all are, people are told at once instead of after a time-out. */
const REST_MS = 5000
/** Answers of a server that will not get better by asking another one about the same. Busy and unavailable are no such. */
const TEMPORARY_CODES = [51, 52]

function isAnswer(error: unknown): error is ResultCodeError {
  return error instanceof ResultCodeError && !TEMPORARY_CODES.includes(error.code)
}

function fillIn(template: string, place: string, value: string): string {
  // A function: `$&` in what was typed means nothing.
  return template.replaceAll(place, () => Filter.escape(value))
}

function toReason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

export function createLdapSignIn(deps: LdapDeps, config: LdapConfig): LdapSignIn {
  const { clock, logger } = deps
  const limit = pLimit(MAX_AT_ONCE)
  const awayUntilMs = new Map<string, number>()
  const tlsOptions = { ...(deps.ca === null ? {} : { ca: deps.ca }), minVersion: 'TLSv1.2' } as const
  const attributes = [config.idAttribute, config.emailAttribute, config.nameAttribute, 'memberOf']

  function createClient(url: string): Client {
    const limits = { timeout: config.timeoutMs, connectTimeout: config.timeoutMs }
    // Options for TLS make the library speak it from the start, whatever the address says.
    const tls = url.startsWith('ldaps:') ? { tlsOptions } : {}
    return new Client({ url, ...limits, ...tls, strictDN: false })
  }

  async function introduce(client: Client, url: string): Promise<void> {
    if (config.isStartTls && url.startsWith('ldap:')) {
      await client.startTLS({ ...tlsOptions, host: new URL(url).hostname })
    }
    if (config.bindDn !== null) await client.bind(config.bindDn, config.bindPassword ?? '')
  }

  /** Null: nobody, or more than one, of whom nobody can say who is meant. */
  async function findEntry(client: Client, login: string): Promise<Entry | null> {
    const { searchEntries } = await client.search(config.base, {
      filter: fillIn(config.userFilter, '{login}', login),
      attributes,
      explicitBufferAttributes: [config.idAttribute],
      sizeLimit: 2,
      timeLimit: Math.ceil(config.timeoutMs / 1000),
    })
    if (searchEntries.length > 1) logger.warn({ found: searchEntries.length }, 'more than one person has this login')
    return searchEntries.length === 1 ? (searchEntries[0] ?? null) : null
  }

  async function listGroups(client: Client, dn: string): Promise<string[] | null> {
    if (config.groupBase === null) return null
    const filter = fillIn(config.groupFilter, '{dn}', dn)
    const { searchEntries } = await client.search(config.groupBase, { filter, attributes: ['cn'] })
    return searchEntries.map((entry) => entry.dn)
  }

  /** Also a password that has expired and an account that is locked are answers: the person does not get in. */
  async function isPassword(client: Client, dn: string, password: string): Promise<boolean> {
    try {
      await client.bind(dn, password)
      return true
    } catch (error) {
      if (!isAnswer(error)) throw error
      logger.info({ code: error.code }, 'the directory refused a password')
      return false
    }
  }

  async function ask(url: string, login: string, password: string): Promise<LdapEntry | null> {
    const client = createClient(url)
    try {
      await introduce(client, url)
      const entry = await findEntry(client, login)
      if (entry === null) return null
      const groupDns = await listGroups(client, entry.dn)
      return (await isPassword(client, entry.dn, password)) ? { entry, groupDns } : null
    } finally {
      await client.unbind().catch(() => undefined)
    }
  }

  /** The first server that answers decides. */
  async function askInOrder(login: string, password: string): Promise<LdapEntry | null> {
    for (const url of config.urls) {
      if ((awayUntilMs.get(url) ?? 0) > clock.monotonicMs()) continue
      try {
        return await ask(url, login, password)
      } catch (error) {
        logger.warn({ url, reason: toReason(error) }, 'an LDAP server did not answer')
        // Our own account is refused, or the base is not there: another server would say the same.
        if (isAnswer(error)) break
        awayUntilMs.set(url, clock.monotonicMs() + REST_MS)
      }
    }
    throw new AppError('directory_unavailable', { retryAfterMs: REST_MS })
  }

  return {
    config,
    async authenticate(login, password) {
      // A bind with a name and no password is let in by servers as nobody, and says nothing of the name (RFC 4513 §5.1.2).
      if (login === '' || password === '') return null
      if (limit.pendingCount >= MAX_WAITING) throw new AppError('overloaded', { retryAfterMs: 2000 })
      const found = await limit(() => askInOrder(login, password))
      const person = found === null ? null : toLdapPerson(found, config)
      if (found !== null && person === null) logger.warn({ attribute: config.idAttribute }, 'a person has no id')
      return person
    },
  }
}
