// Writes `.env.example`, `backend/.env.example` and `docs/CONFIG.md` from the settings' schema.
import { mkdir, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { loadTypeScript } from './bundle.mjs'

const root = new URL('../', import.meta.url)
const { toConfigPage, toEnvExample } = await loadTypeScript('backend/src/config/config-docs.ts')

const page = new URL('docs/CONFIG.md', root)
const options = await resolveConfig(page)
await mkdir(new URL('docs/', root), { recursive: true })
await writeFile(page, await format(toConfigPage(), { ...options, parser: 'markdown' }))
for (const path of ['.env.example', 'backend/.env.example']) await writeFile(new URL(path, root), toEnvExample())
console.log('wrote docs/CONFIG.md, .env.example and backend/.env.example')
