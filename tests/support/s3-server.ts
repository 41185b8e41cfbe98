import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { installS3Server } from './install-s3-server.ts'
import type { S3Config } from '../../backend/src/config/upload-config.ts'
import { toBoundCommand } from './process-tree.ts'
import { findFreePort } from './start-server.ts'

export interface S3Server {
  config: S3Config
  /** All that lies in the bucket, parts of unfinished uploads too. */
  countFiles(): Promise<number>
  kill(): Promise<void>
  close(): Promise<void>
}

const readyMs = 10_000
const bucket = 'uploads'

async function waitUntilReady(endpoint: string, server: ChildProcess): Promise<void> {
  const giveUpMs = Date.now() + readyMs
  while (Date.now() < giveUpMs && server.exitCode === null) {
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await delay(50)
  }
  throw new Error('the S3 server did not start')
}

/** A real S3 server (versitygw) with one bucket in a temporary folder. */
export async function openS3Server(): Promise<S3Server> {
  const program = installS3Server()
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-s3-'))
  await mkdir(join(folder, bucket))
  const port = await findFreePort()
  const endpoint = `http://127.0.0.1:${port}`
  const keys = { accessKeyId: 'test-access', secretAccessKey: 'test-secret-of-the-server' }
  const args = ['--access', keys.accessKeyId, '--secret', keys.secretAccessKey, '--port', `127.0.0.1:${port}`]
  const command = toBoundCommand(program, [...args, 'posix', folder])
  const server = spawn(...command, { stdio: 'ignore', detached: true })
  await waitUntilReady(endpoint, server)

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  return {
    config: { endpoint, bucket, region: 'us-east-1', ...keys },
    async countFiles() {
      const entries = await readdir(join(folder, bucket), { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).length
    },
    kill,
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
