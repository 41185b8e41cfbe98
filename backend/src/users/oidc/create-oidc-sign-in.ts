import { AppError } from '../../base/app-error.ts'
import type { Logger } from '../../base/logger.ts'
import type { OidcConfig } from '../../config/directory-config.ts'
import type { DirectoryPerson } from '../directory/directory-person.ts'
import { createOneTimeToken, findOneTimeToken, useOneTimeToken, type OneTimeTokenDeps } from '../one-time-tokens.ts'
import { toTokenHash } from '../secret-token.ts'
import type { OidcProvider } from './create-oidc-provider.ts'
import { toDirectoryPerson } from './to-directory-person.ts'

interface OidcSignInDeps extends OneTimeTokenDeps {
  logger: Logger
  provider: OidcProvider
}

/** Signing in at the company's OpenID Connect provider. Errors of both: see OidcProvider. */
export interface OidcSignIn {
  readonly config: OidcConfig
  /** The address at the provider. `visit`: what this browser alone holds. */
  begin(visit: string, wish: { returnTo: string; isPersistent: boolean }): Promise<string>
  /**
   * What came back with the browser. Errors: also `sign_in_expired`: nobody began it, not in this browser, too long ago, or it
   * was used.
   */
  finish(
    visit: string | null,
    query: string,
  ): Promise<{ person: DirectoryPerson; returnTo: string; isPersistent: boolean }>
}

/** For a password, a second factor and a password that had to be changed. */
const TTL_MS = 15 * 60_000

/**
 * The state of a sign-in is a row that works once; the nonce and the code verifier stay in it. Nothing of it is in the
 * browser but the state itself and the cookie of the visit, and neither is of use without the other.
 */
export function createOidcSignIn(deps: OidcSignInDeps, config: OidcConfig): OidcSignIn {
  const { provider } = deps

  /** For whoever runs the place: the person is told only that it did not work. Never tokens, never claims. */
  function report(error: unknown): unknown {
    if (error instanceof AppError && error.code !== 'sign_in_cancelled') {
      const { cause } = error
      const reason = cause instanceof Error ? cause.message : undefined
      deps.logger.warn({ code: error.code, reason }, 'sign-in at the provider failed')
    }
    return error
  }

  return {
    config,
    async begin(visit, { returnTo, isPersistent }) {
      const { nonce, codeVerifier } = provider.createSecrets()
      try {
        // First the provider: while it is away no rows pile up.
        await provider.toAuthorizationUrl({ nonce, codeVerifier }, '')
        const content = { nonce, codeVerifier, visit: toTokenHash(visit), returnTo, isPersistent }
        const made = { kind: 'oidc-sign-in', userId: null, content, ttlMs: TTL_MS } as const
        const { token } = await createOneTimeToken(deps, made)
        return await provider.toAuthorizationUrl({ nonce, codeVerifier }, token)
      } catch (error) {
        throw report(error)
      }
    },
    async finish(visit, query) {
      const state = new URLSearchParams(query).get('state') ?? ''
      const begun = await findOneTimeToken(deps, 'oidc-sign-in', state)
      // Of another browser it is a trap: whoever follows it would sit in somebody else's account.
      if (begun === null || visit === null || begun.content['visit'] !== toTokenHash(visit)) {
        throw new AppError('sign_in_expired')
      }
      if (!(await useOneTimeToken(deps.database.kysely, deps, begun.id))) throw new AppError('sign_in_expired')
      const { nonce, codeVerifier, returnTo, isPersistent } = begun.content
      const expected = { nonce: String(nonce), codeVerifier: String(codeVerifier), state }
      try {
        const claims = await provider.getClaims(query, expected)
        const person = toDirectoryPerson(claims, config)
        return { person, returnTo: String(returnTo), isPersistent: isPersistent === true }
      } catch (error) {
        throw report(error)
      }
    },
  }
}
