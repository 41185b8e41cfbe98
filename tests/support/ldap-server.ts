import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { toBoundCommand } from './process-tree.ts'
import { findFreePort } from './start-server.ts'

const run = promisify(execFile)
const program = '/usr/sbin/slapd'
const suffix = 'dc=corp,dc=example'
const readyLimitMs = 20_000

export const ldapServiceDn = `cn=service,${suffix}`
export const ldapServicePassword = 'of the service'

/** A real slapd (OpenLDAP) on ports of its own, with a folder of its own. */
export interface LdapServer {
  url: string
  /** By TLS from the start. */
  tlsUrl: string
  /** The certificate of both, which is its own authority. */
  caFile: string
  peopleBase: string
  groupBase: string
  /** LDIF changes, as `ldapmodify` takes them. */
  change(ldif: string): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

function toConfigText(folder: string): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
TLSCACertificateFile ${folder}/cert.pem
TLSVerifyClient never
database mdb
suffix "${suffix}"
rootdn "cn=root,${suffix}"
rootpw root
directory ${folder}/data
maxsize 10485760
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.base="${ldapServiceDn}" read by * none
`
}

const firstEntries = `
dn: ${suffix}
objectClass: dcObject
objectClass: organization
o: Corp

dn: ou=people,${suffix}
objectClass: organizationalUnit

dn: ou=groups,${suffix}
objectClass: organizationalUnit

dn: ${ldapServiceDn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
userPassword: ${ldapServicePassword}
`

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function waitUntilListening(port: number, child: ChildProcess): Promise<void> {
  const giveUpMs = Date.now() + readyLimitMs
  while (!(await isListening(port))) {
    if (child.exitCode !== null || Date.now() > giveUpMs) throw new Error('slapd did not start')
    await delay(25)
  }
}

/** Null only where slapd is not installed: then a notice is printed, or under REQUIRE_ALL=1 an error thrown. */
export async function openLdapServer(): Promise<LdapServer | null> {
  if (!existsSync(program)) {
    if (process.env['REQUIRE_ALL'] === '1') throw new Error(`no ${program} (REQUIRE_ALL=1)`)
    process.stderr.write(`NOTICE: no ${program}; sign-in by LDAP is not tested\n`)
    return null
  }
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-ldap-'))
  const [port, tlsPort] = [await findFreePort(), await findFreePort()]
  const url = `ldap://127.0.0.1:${String(port)}`
  const tlsUrl = `ldaps://127.0.0.1:${String(tlsPort)}`
  let child: ChildProcess

  async function start(): Promise<void> {
    // -d 0 keeps it in the foreground.
    const args = ['-f', join(folder, 'slapd.conf'), '-h', `${url}/ ${tlsUrl}/`, '-d', '0']
    child = spawn(...toBoundCommand(program, args), { stdio: 'ignore', detached: true })
    await waitUntilListening(port, child)
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async function change(ldif: string): Promise<void> {
    const file = join(folder, 'change.ldif')
    await writeFile(file, ldif)
    await run('ldapmodify', ['-x', '-H', url, '-D', `cn=root,${suffix}`, '-w', 'root', '-f', file])
  }

  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'slapd.conf'), toConfigText(folder))
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  await run('openssl', [
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    ...files,
  ])
  await start()
  await change(firstEntries.replaceAll(/^(dn: .*)$/gm, '$1\nchangetype: add'))
  return {
    url,
    tlsUrl,
    caFile: join(folder, 'cert.pem'),
    peopleBase: `ou=people,${suffix}`,
    groupBase: `ou=groups,${suffix}`,
    change,
    kill,
    start,
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
