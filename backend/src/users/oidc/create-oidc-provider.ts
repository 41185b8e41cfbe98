import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  type Configuration,
} from 'openid-client'
import type { Clock } from '../../base/clock.ts'
import type { OidcConfig } from '../../config/directory-config.ts'
import type { OutboundClient } from '../../outbound/outbound-client.ts'
import { createOutboundFetch } from './create-outbound-fetch.ts'
import { hasClaim } from './read-claim.ts'
import { toSignInError } from './to-sign-in-error.ts'

/** What must come back as it was sent, and never leaves the server: kept until the provider's answer. */
export interface OidcSecrets {
  nonce: string
  codeVerifier: string
}

export type Claims = Readonly<Record<string, unknown>> & { iss: string; sub: string }

/** Errors of both: `directory_unavailable`, `directory_refused`; of the second also `sign_in_cancelled`. */
export interface OidcProvider {
  /** What a new sign-in needs; given to `toAuthorizationUrl` and, later, to `getClaims`. */
  createSecrets(): OidcSecrets
  toAuthorizationUrl(secrets: OidcSecrets, state: string): Promise<string>
  /** Exchanges the code in `query` for claims that were checked: signature, issuer, audience, time and nonce. */
  getClaims(query: string, expected: OidcSecrets & { state: string }): Promise<Claims>
}

/** Keys are looked up by the library when an unknown one appears; the rest of a description seldom changes. */
const DESCRIPTION_TTL_MS = 3_600_000

function toClientAuth({ clientSecret, clientAuth }: OidcConfig) {
  if (clientSecret === null) return None()
  return clientAuth === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret)
}

export function createOidcProvider(
  deps: { outbound: Pick<OutboundClient, 'send'>; clock: Pick<Clock, 'nowMs'> },
  config: OidcConfig,
  redirectUri: string,
): OidcProvider {
  let known: { configuration: Promise<Configuration>; untilMs: number } | null = null

  async function discover(): Promise<Configuration> {
    const isInsecure = config.issuer.startsWith('http:')
    const configuration = await discovery(new URL(config.issuer), config.clientId, {}, toClientAuth(config), {
      [customFetch]: createOutboundFetch(deps.outbound),
      // Tests and a provider on this machine; production refuses others (list-unsafe).
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody overlooks it
      execute: isInsecure ? [allowInsecureRequests] : [],
    })
    // Without this the library takes a token that came by TLS at its word and does not look at the signature.
    enableNonRepudiationChecks(configuration)
    return configuration
  }

  function getConfiguration(): Promise<Configuration> {
    const nowMs = deps.clock.nowMs()
    if (known !== null && known.untilMs > nowMs) return known.configuration
    const configuration = discover()
    const latest = { configuration, untilMs: nowMs + DESCRIPTION_TTL_MS }
    known = latest
    configuration.catch(() => {
      if (known === latest) known = null
    })
    return configuration
  }

  async function exchange(query: string, expected: OidcSecrets & { state: string }): Promise<Claims> {
    const configuration = await getConfiguration()
    // From the configured address: what the request says of its host is not ours.
    const answer = new URL(redirectUri)
    answer.search = query
    const tokens = await authorizationCodeGrant(configuration, answer, {
      expectedNonce: expected.nonce,
      expectedState: expected.state,
      pkceCodeVerifier: expected.codeVerifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined) throw new Error('the provider sent no ID token')
    const wanted = ['email', 'name', config.groupsClaim, config.roleClaim]
    const isComplete = wanted.every((name) => hasClaim(claims, name))
    if (isComplete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims
    // Many providers put only the least into the token; what was signed goes before.
    return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims }
  }

  return {
    createSecrets: () => ({ nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() }),
    async toAuthorizationUrl({ nonce, codeVerifier }, state) {
      try {
        const url = buildAuthorizationUrl(await getConfiguration(), {
          redirect_uri: redirectUri,
          scope: config.scopes,
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        })
        return url.href
      } catch (error) {
        throw toSignInError(error)
      }
    },
    async getClaims(query, expected) {
      try {
        return await exchange(query, expected)
      } catch (error) {
        throw toSignInError(error)
      }
    },
  }
}
