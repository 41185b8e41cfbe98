// Builds what is stale: `node scripts/build.mjs [--force] [PART …]`.
import './check-node.mjs'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { isStale, parts, recordHash, root, toInputHash } from './build-parts.mjs'
import { nodeBundle } from './bundle.mjs'

/** A running server may start a thread from these files at any moment: each appears whole or not at all. */
function writeOutput(file) {
  mkdirSync(dirname(file.path), { recursive: true })
  const unfinished = `${file.path}.${process.pid}.tmp`
  writeFileSync(unfinished, file.contents)
  renameSync(unfinished, file.path)
}

async function bundle(options) {
  const result = await build({ ...nodeBundle, sourcemap: true, legalComments: 'none', ...options, write: false })
  result.outputFiles.forEach(writeOutput)
  return result.outputFiles.map((file) => basename(file.path))
}

async function buildBackend() {
  const outdir = join(root, 'backend/dist')
  const main = await bundle({
    entryPoints: { llmchat: join(root, 'backend/src/cli.ts') },
    outdir,
    splitting: true,
    chunkNames: 'chunk-[hash]',
  })
  // By itself and without a map, so that it is byte for byte what the tests make.
  await bundle({
    entryPoints: {
      'pglite-worker': join(root, 'backend/src/db/pglite-worker.ts'),
      'hashing-worker': join(root, 'backend/src/users/hashing-worker.ts'),
    },
    outdir,
    sourcemap: false,
  })
  for (const name of readdirSync(outdir)) {
    if (/-[A-Z0-9]{8}\.js(\.map)?$/.test(name) && !main.includes(name)) rmSync(join(outdir, name))
  }
}

async function buildSimulator() {
  await bundle({
    entryPoints: { simulator: join(root, 'packages/simulator/src/main.ts') },
    outdir: join(root, 'packages/simulator/dist'),
  })
}

async function buildFrontend() {
  // Whoever builds, a test runner too, gets the pages that people get: vite takes NODE_ENV from outside otherwise.
  process.env.NODE_ENV = 'production'
  const { build: buildPages } = await import('vite')
  await buildPages({
    root: join(root, 'frontend'),
    configFile: join(root, 'frontend/vite.config.ts'),
    logLevel: 'warn',
  })
}

const builders = { backend: buildBackend, simulator: buildSimulator, frontend: buildFrontend }

const { values, positionals } = parseArgs({ options: { force: { type: 'boolean' } }, allowPositionals: true })
const unknown = positionals.find((name) => !(name in builders))
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. Parts: ${Object.keys(builders).join(', ')}.`)
  process.exit(2)
}
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part.name)) continue
  if (!values.force && !isStale(part)) {
    console.log(`${part.name}: up to date`)
    continue
  }
  const startMs = performance.now()
  const hash = toInputHash(part)
  await builders[part.name]()
  if (!existsSync(join(root, part.output))) throw new Error(`building ${part.name} made no ${part.output}`)
  recordHash(part, hash)
  console.log(`${part.name}: built in ${Math.round(performance.now() - startMs)} ms`)
}
