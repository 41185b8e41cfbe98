// The programs that the tests run for real, and how they come onto a Debian machine.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const needed = [
  { name: 'chromium', isThere: () => process.env.CHROMIUM_PATH !== undefined || existsSync('/usr/bin/chromium') },
  { name: 'fonts-noto-cjk', isThere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
  { name: 'postgresql', isThere: hasPostgresql },
  { name: 'redis-server', isThere: () => existsSync('/usr/bin/redis-server') },
  { name: 'nginx', isThere: () => existsSync('/usr/sbin/nginx') },
  { name: 'slapd', isThere: () => existsSync('/usr/sbin/slapd') },
  { name: 'ldap-utils', isThere: () => existsSync('/usr/bin/ldapmodify') },
]

function hasPostgresql() {
  const folder = '/usr/lib/postgresql'
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(`${folder}/${version}/bin/initdb`))
}

function listMissing() {
  return needed.filter((one) => !one.isThere()).map((one) => one.name)
}

function isDebianRoot() {
  const isDebian =
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  return isDebian && process.getuid?.() === 0
}

/** Installs what is missing where that can be done, and says what to install where it cannot. */
export function installSystemPackages({ requiresAll }) {
  const missing = listMissing()
  if (missing.length === 0) return
  if (isDebianRoot()) {
    console.log(`Installing ${missing.join(', ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const stdio = ['ignore', 'ignore', 'inherit']
    spawnSync('apt-get', ['update', '-qq'], { env, stdio })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env, stdio })
  }
  const left = listMissing()
  if (left.length === 0) return
  console.log(`Not installed, and needed by some tests: ${left.join(', ')} (names of Debian's packages).`)
  if (requiresAll) process.exit(1)
}
