import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findDataDirHolder, lockDataDir } from './lock-data-dir.ts'
import { readLockFile, toLockPath, type LockHolder } from './lock-file.ts'
import { findProcessStart, isProcessAlive } from './process-start.ts'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'llmchat-lock-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

function leaveLock(holder: Partial<LockHolder>): void {
  const rest = { processStart: null, hostname: hostname(), port: null, token: 'theirs' }
  writeFileSync(toLockPath(dataDir), JSON.stringify({ pid: process.pid, ...rest, ...holder }))
}

async function findDeadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? expect.fail('no pid')
}

describe('lockDataDir', () => {
  test('makes the folder, and a file that only its owner may read', () => {
    const folder = join(dataDir, 'new', 'folder')
    const lock = lockDataDir(folder)
    expect(statSync(toLockPath(folder)).mode & 0o777).toBe(0o600)
    expect(readLockFile(folder)).toMatchObject({ pid: process.pid, port: null, token: lock.token })
    expect(lock.token.length).toBeGreaterThanOrEqual(43)
  })

  test('refuses a folder that a living process holds, and tells which', () => {
    lockDataDir(dataDir)
    expect(() => lockDataDir(dataDir)).toThrow(`in use by process ${String(process.pid)}`)
    expect(findDataDirHolder(dataDir)).toMatchObject({ pid: process.pid })
  })

  test('tells the port, keeping the permissions', () => {
    const lock = lockDataDir(dataDir)
    lock.setPort(4321)
    expect(findDataDirHolder(dataDir)).toMatchObject({ port: 4321, token: lock.token })
    expect(statSync(toLockPath(dataDir)).mode & 0o777).toBe(0o600)
  })

  test('gives the folder back', () => {
    lockDataDir(dataDir).release()
    expect(findDataDirHolder(dataDir)).toBeNull()
    lockDataDir(dataDir).release()
    expect(readdirSync(dataDir)).toEqual([])
  })

  test('takes over from a process that is dead', async () => {
    leaveLock({ pid: await findDeadPid() })
    expect(findDataDirHolder(dataDir)).toBeNull()
    lockDataDir(dataDir)
    expect(readLockFile(dataDir)).toMatchObject({ pid: process.pid })
    expect(readdirSync(dataDir)).toEqual(['llmchat.lock'])
  })

  test('takes a zombie for dead', async () => {
    // The shell starts a child that ends at once, and becomes a program that never looks after it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())))
    })
    await vi.waitUntil(() => !isProcessAlive(pid))
    expect(() => process.kill(pid, 0)).not.toThrow()
    leaveLock({ pid, processStart: findProcessStart(pid) })
    lockDataDir(dataDir)
    parent.kill()
  })

  test('takes over when the pid was given to another process since', () => {
    expect(findProcessStart(process.pid)).toMatch(/^\d+$/)
    leaveLock({ processStart: '1' })
    lockDataDir(dataDir)
    expect(readLockFile(dataDir)?.token).not.toBe('theirs')
  })

  test('never takes over by age or from another machine', () => {
    leaveLock({ pid: 999_999_999, hostname: 'elsewhere' })
    expect(() => lockDataDir(dataDir)).toThrow('on elsewhere')
    leaveLock({ pid: process.ppid })
    expect(() => lockDataDir(dataDir)).toThrow('in use')
  })

  test('does not remove a lock that is no longer its own', () => {
    const lock = lockDataDir(dataDir)
    leaveLock({})
    lock.release()
    expect(JSON.parse(readFileSync(toLockPath(dataDir), 'utf8'))).toMatchObject({ token: 'theirs' })
  })

  test('says what to do about a file it can’t read', () => {
    writeFileSync(toLockPath(dataDir), '{"pid":')
    expect(() => lockDataDir(dataDir)).toThrow('delete that file')
  })
})
