import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** From the root of the repository, where everything here is run. */
const shipped = 'nginx'

export interface NginxPlan {
  /** Receives the files, logs and everything nginx writes. */
  folder: string
  /** TLS and HTTP/2. */
  tlsPort: number
  /** The same site without TLS: what is measured there is not the cost of encryption on both sides of one machine. */
  plainPort: number
  /** Answers every request with a redirect to https. */
  redirectPort: number
  /** `host:port` of the instances. */
  instances: readonly string[]
  /** Default: as the shipped file says, one per core. */
  workers?: number
}

type Replacement = readonly [from: string, to: string]

/**
 * Writes the shipped nginx files into a folder. Only what belongs to a machine is changed: ports, paths, the certificate
 * and the list of instances. Throws when a line that is to be changed is not there exactly once.
 */
export async function writeNginxFiles(plan: NginxPlan): Promise<string> {
  const { folder } = plan
  await mkdir(join(folder, 'conf.d'), { recursive: true })
  const main = join(folder, 'nginx.conf')
  await writeFile(main, replaceAll(await readShipped('nginx.conf'), toMainReplacements(plan)))
  const site = replaceAll(await readShipped('conf.d/llmchat.conf'), toSiteReplacements(plan))
  await writeFile(join(folder, 'conf.d/llmchat.conf'), site)
  const servers = plan.instances.map((address) => `server ${address} max_fails=0;\n`)
  await writeFile(join(folder, 'llmchat-instances.conf'), servers.join(''))
  await writeCertificate(join(folder, 'tls'))
  return main
}

function readShipped(path: string): Promise<string> {
  return readFile(join(shipped, path), 'utf8')
}

function toMainReplacements({ folder, workers }: NginxPlan): Replacement[] {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const paths = temporary.map((name) => `    ${name}_temp_path ${folder}/temp-${name};\n`)
  return [
    ['pid /run/nginx.pid;', `pid ${folder}/nginx.pid;`],
    ['error_log /var/log/nginx/error.log warn;', `error_log ${folder}/error.log warn;`],
    ['access_log /var/log/nginx/access.log ', `access_log ${folder}/access.log `],
    ['http {\n', `http {\n${paths.join('')}`],
    ...(workers === undefined ? [] : [['worker_processes auto;', `worker_processes ${workers};`] as const]),
  ]
}

function toSiteReplacements({ tlsPort, plainPort, redirectPort }: NginxPlan): Replacement[] {
  const plain = `listen 127.0.0.1:${plainPort} backlog=4096;`
  return [
    ['listen 80 backlog=4096;', `listen 127.0.0.1:${redirectPort};`],
    ['listen 443 ssl http2 backlog=4096;', `listen 127.0.0.1:${tlsPort} ssl http2 backlog=4096;\n    ${plain}`],
  ]
}

function replaceAll(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((result, [from, to]) => {
    const parts = result.split(from)
    if (parts.length !== 2) throw new Error(`the nginx files have ${parts.length - 1} times, not once: ${from}`)
    return parts.join(to)
  }, text)
}

/** For this machine, signed by itself. */
async function writeCertificate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const files = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30']
  await run('openssl', ['req', '-x509', ...key, '-subj', '/CN=localhost', '-addext', names, ...files])
}
