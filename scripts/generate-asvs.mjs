// `npm run generate:asvs`: counts in docs/ENTERPRISE_READINESS_AUDIT_2025.md from the tables in docs/asvs.
import { readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { loadTypeScript } from './bundle.mjs'

const root = new URL('../', import.meta.url)
const page = new URL('docs/ENTERPRISE_READINESS_AUDIT_2025.md', root)
const { readChapter, toChapterPath } = await loadTypeScript('tests/contract/asvs/read-chapter.ts')
const { chapterNumbers } = await loadTypeScript('tests/contract/asvs/requirement-ids.ts')
const { replaceAuditTables, toAuditTables } = await loadTypeScript('tests/contract/asvs/to-audit-tables.ts')

const texts = await Promise.all(chapterNumbers.map((number) => readFile(new URL(toChapterPath(number), root), 'utf8')))
const fresh = replaceAuditTables(await readFile(page, 'utf8'), toAuditTables(texts.map(readChapter)))
await writeFile(page, await format(fresh, { ...(await resolveConfig(page)), parser: 'markdown' }))
console.log('wrote the counts of docs/ENTERPRISE_READINESS_AUDIT_2025.md')
