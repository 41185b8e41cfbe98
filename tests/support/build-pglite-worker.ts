import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { bundleForNode } from './bundle-for-node.ts'

const root = new URL('../../', import.meta.url)

/**
 * Bundles the database thread to where `openDatabase` looks for it when it runs from source (Node can't load a thread
 * from TypeScript). Cheap enough to run before every test file.
 */
export async function buildPgliteWorker(): Promise<void> {
  const target = new URL('backend/dist/pglite-worker.js', root)
  const contents = await bundleForNode(new URL('backend/src/db/pglite-worker.ts', root))
  const present = await readFile(target).catch(() => null)
  if (present?.equals(contents) === true) return
  await mkdir(new URL('.', target), { recursive: true })
  // Several test files may get here at once: whole files only.
  const unfinished = new URL(`pglite-worker.${String(process.pid)}.tmp`, target)
  await writeFile(unfinished, contents)
  await rename(unfinished, target)
}
