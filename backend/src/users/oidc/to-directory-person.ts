import type { OidcConfig } from '../../config/directory-config.ts'
import type { DirectoryPerson } from '../directory/directory-person.ts'
import { toGroupNames, toRole } from '../directory/map-directory-values.ts'
import type { Claims } from './create-oidc-provider.ts'
import { readClaim, readText, readTexts } from './read-claim.ts'

type Naming = Pick<OidcConfig, 'groupsClaim' | 'roleClaim' | 'externalIdClaim' | 'roleMapping' | 'groupMapping'>

/** Entra leaves the list out where it grows too long and names another place to ask: then nothing is known, not nothing there. */
function isElsewhere(claims: Claims, name: string): boolean {
  const names = claims['_claim_names']
  return typeof names === 'object' && names !== null && Object.hasOwn(names, name)
}

/** Only a name that looks like an address, and then nobody vouches for it. */
function findUserNameAddress(claims: Claims): string | null {
  const name = readText(claims, 'preferred_username') ?? readText(claims, 'upn')
  return name?.includes('@') === true ? name : null
}

/** What checked claims say of a person. */
export function toDirectoryPerson(claims: Claims, naming: Naming): DirectoryPerson {
  const { groupsClaim, roleClaim, externalIdClaim } = naming
  const email = readText(claims, 'email')
  const isVerified = readClaim(claims, 'email_verified')
  return {
    source: 'oidc',
    issuer: claims.iss,
    subject: claims.sub,
    email: email ?? findUserNameAddress(claims),
    isEmailVerified: email !== null && (isVerified === true || isVerified === 'true'),
    name: readText(claims, 'name'),
    externalId: externalIdClaim === null ? null : readText(claims, externalIdClaim),
    role: isElsewhere(claims, roleClaim) ? null : toRole(readTexts(claims, roleClaim), naming.roleMapping),
    groups: isElsewhere(claims, groupsClaim) ? null : toGroupNames(readTexts(claims, groupsClaim), naming.groupMapping),
  }
}
