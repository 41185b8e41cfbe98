import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = 'v1.8.0'
const folder = fileURLToPath(new URL(`../contract/uploads/.cache/${version}`, import.meta.url))

/** Go's own installer does not put it on the path. */
const usualGo = '/usr/local/go/bin'

/** The path of versitygw, a real S3 server, built first from its Go module where it is missing: a minute or two. Needs Go. */
export function installS3Server(): string {
  const program = `${folder}/versitygw`
  if (existsSync(program)) return program
  const env = { ...process.env, GOBIN: folder, PATH: [process.env['PATH'], usualGo].join(delimiter) }
  const args = ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`]
  const { status, error, stderr } = spawnSync('go', args, { env, encoding: 'utf8' })
  if (error !== undefined) throw new Error('The tests of the S3 store need Go: install it.', { cause: error })
  if (status !== 0) throw new Error(`versitygw could not be built:\n${stderr.slice(-2000)}`)
  return program
}
