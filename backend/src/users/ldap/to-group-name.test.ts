import { expect, test } from 'vitest'
import { toGroupName } from './to-group-name.ts'

test.each([
  ['cn=Legal,ou=groups,dc=corp', 'Legal'],
  ['CN=Legal\\, Tax,OU=Groups', 'Legal, Tax'],
  ['cn=Caf\\C3\\A9,dc=corp', 'Café'],
  ['cn=法务,dc=corp', '法务'],
  ['cn=a+uid=b,dc=corp', 'a'],
  ['cn=\\23x,dc=corp', '#x'],
])('%s is the group %s', (dn, name) => expect(toGroupName(dn)).toBe(name))

test('what is no name is no group', () => expect(toGroupName('nothing')).toBeNull())
