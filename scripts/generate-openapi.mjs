// Writes `docs/openapi.json` and `docs/ERRORS.md` from the running server and the error catalogue. The test that compares
// them is the one that can write them: what is committed and what is checked cannot differ.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const options = { cwd: root, stdio: 'inherit' }
const run = spawnSync(process.execPath, [vitest, 'run', 'tests/integration/http/api-docs.test.ts', '--update'], options)
process.exitCode = run.status ?? 1
