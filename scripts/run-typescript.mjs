// Runs one of our TypeScript programs in this very process: Node 20 can't, and signals must reach the program itself.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './build-parts.mjs'
import { prepare } from './prepare.mjs'

/** `name`: of the bundle under tests/dist. The parts named in `parts` are built where they are stale. */
export async function runTypeScript(name, entry, parts) {
  process.chdir(root)
  prepare(parts)
  // Only now: on a fresh clone there was no package before.
  const [{ build }, { nodeBundle }] = await Promise.all([import('esbuild'), import('./bundle.mjs')])
  const outfile = join(root, 'tests/dist', `${name}.js`)
  await build({ ...nodeBundle, entryPoints: [join(root, entry)], outfile })
  await import(pathToFileURL(outfile).href)
}
