import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url)

/** One of our TypeScript files with all of ours that it imports, as a module that Node runs; npm packages stay outside. */
export async function bundleForNode(entry: URL): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    // Applied before `packages`, so that our own packages are bundled: Node can't load their TypeScript.
    alias: {
      '@llmchat/protocol': fileURLToPath(new URL('packages/protocol/src', root)),
      '@llmchat/simulator': fileURLToPath(new URL('packages/simulator/src', root)),
    },
    write: false,
  })
  const [output] = result.outputFiles
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry.href}`)
  return output.contents
}
