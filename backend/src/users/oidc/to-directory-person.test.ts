import { expect, test } from 'vitest'
import { toDirectoryPerson } from './to-directory-person.ts'

const naming = {
  groupsClaim: 'groups',
  roleClaim: 'realm_access.roles',
  externalIdClaim: 'oid',
  roleMapping: { boss: 'admin' },
  groupMapping: null,
} as const
const known = { iss: 'https://sso.example', sub: 's-1' }

test('claims of a Keycloak realm', () => {
  const claims = {
    ...known,
    email: 'ann@example.com',
    email_verified: true,
    name: ' Ann ',
    groups: ['Legal'],
    realm_access: { roles: ['boss'] },
  }
  expect(toDirectoryPerson(claims, naming)).toEqual({
    source: 'oidc',
    issuer: 'https://sso.example',
    subject: 's-1',
    email: 'ann@example.com',
    isEmailVerified: true,
    name: 'Ann',
    externalId: null,
    role: 'admin',
    groups: ['Legal'],
  })
})

test('claims of Entra: a name that is an address is not vouched for, too many groups are unknown groups', () => {
  const claims = { ...known, preferred_username: 'ann@corp.example', oid: 'o-1', _claim_names: { groups: 'src1' } }
  const person = toDirectoryPerson(claims, { ...naming, roleClaim: 'groups' })
  expect(person).toMatchObject({ email: 'ann@corp.example', isEmailVerified: false, externalId: 'o-1' })
  expect(person).toMatchObject({ groups: null, role: null })
})

test('no claim means no groups and no role, and only true is verified', () => {
  const person = toDirectoryPerson({ ...known, email: 'ann@example.com', email_verified: 'no' }, naming)
  expect(person).toMatchObject({ groups: [], role: 'member', isEmailVerified: false })
  expect(toDirectoryPerson({ ...known, groups: 'Legal' }, naming).groups).toEqual(['Legal'])
  const dotted = { ...naming, groupsClaim: 'https://corp.example/groups' }
  expect(toDirectoryPerson({ ...known, 'https://corp.example/groups': ['A'] }, dotted).groups).toEqual(['A'])
})
