import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../', import.meta.url)

/** Settings shared by everything that runs on Node: our packages inside, npm's outside. */
export const nodeBundle = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  // Applied before `packages`: Node can't load the TypeScript of our own packages.
  alias: {
    '@llmchat/protocol': fileURLToPath(new URL('packages/protocol/src', root)),
    '@llmchat/simulator': fileURLToPath(new URL('packages/simulator/src', root)),
  },
  logLevel: 'warning',
}

/** Loads one of our TypeScript files that needs no npm package. */
export async function loadTypeScript(path) {
  const result = await build({ ...nodeBundle, entryPoints: [fileURLToPath(new URL(path, root))], write: false })
  const source = Buffer.from(result.outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${source}`)
}
