// Runs one of our TypeScript programs in this very process: Node 20 can't, and signals must reach the program itself.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './build-parts.mjs'
import { prepare } from './prepare.mjs'

/**
 * `programs`: bundle names under tests/dist and their sources; the first is run, the others lie beside it for it to start.
 * The parts named in `parts` are built where they are stale.
 */
export async function runTypeScript(programs, parts) {
  process.chdir(root)
  prepare(parts)
  // Only now: on a fresh clone there was no package before.
  const [{ build }, { nodeBundle }] = await Promise.all([import('esbuild'), import('./bundle.mjs')])
  const outdir = join(root, 'tests/dist')
  const sources = Object.entries(programs).map(([name, source]) => [name, join(root, source)])
  await build({ ...nodeBundle, entryPoints: Object.fromEntries(sources), outdir })
  await import(pathToFileURL(join(outdir, `${sources[0][0]}.js`)).href)
}
