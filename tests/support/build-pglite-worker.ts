import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { bundleForNode } from './bundle-for-node.ts'

const root = new URL('../../', import.meta.url)

/**
 * Bundles the database thread to where `openDatabase` looks for it when it runs from source (Node can't load a thread
 * from TypeScript). Cheap enough to run before every test file.
 */
export function buildPgliteWorker(): Promise<void> {
  return buildWorker('pglite-worker', 'backend/src/db/pglite-worker.ts')
}

/** The same for the thread of `openHashingThread`. */
export function buildHashingWorker(): Promise<void> {
  return buildWorker('hashing-worker', 'backend/src/users/hashing-worker.ts')
}

async function buildWorker(name: string, source: string): Promise<void> {
  const target = new URL(`backend/dist/${name}.js`, root)
  const contents = await bundleForNode(new URL(source, root))
  const present = await readFile(target).catch(() => null)
  if (present?.equals(contents) === true) return
  await mkdir(new URL('.', target), { recursive: true })
  // Several test files may get here at once: whole files only.
  const unfinished = new URL(`${name}.${String(process.pid)}.tmp`, target)
  await writeFile(unfinished, contents)
  await rename(unfinished, target)
}
