import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'
import { openTestPglite } from '../../support/open-test-database.ts'

const opened = await openTestPglite()
afterAll(() => opened.close())

interface Column {
  table: string
  column: string
  isNullable: boolean
}

function isNullableType(type: string): boolean {
  return /^Nullable|\| null$/.test(type)
}

type Members = Map<string, { name: string; type: string }[]>

async function addMembers(members: Members, file: string): Promise<void> {
  const path = new URL(`../../../backend/src/db/${file}`, import.meta.url)
  const source = ts.createSourceFile(file, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true)
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node)) return
    const properties = node.members.filter(ts.isPropertySignature)
    members.set(
      node.name.text,
      properties.map((property) => ({ name: property.name.getText(), type: property.type?.getText() ?? '' })),
    )
  })
}

/** Reads `schema.ts` and the files of tables beside it as text: their types are gone at run time. */
async function listDeclaredColumns(): Promise<Column[]> {
  const beside = await readdir(new URL('../../../backend/src/db/', import.meta.url))
  const members: Members = new Map()
  for (const file of ['schema.ts', ...beside.filter((name) => name.endsWith('-tables.ts'))])
    await addMembers(members, file)
  return (members.get('DatabaseSchema') ?? []).flatMap((table) =>
    (members.get(table.type) ?? []).map((column) => ({
      table: table.name,
      column: column.name,
      isNullable: isNullableType(column.type),
    })),
  )
}

function toSortedLines(columns: Column[]): string[] {
  return columns.map((each) => `${each.table}.${each.column}${each.isNullable ? ' | null' : ''}`).sort()
}

test('schema.ts declares exactly the columns that the migrations make', async () => {
  const result = await sql<Column>`
    SELECT table_name AS "table", column_name AS "column", is_nullable = 'YES' AS "isNullable"
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'schema_migrations'`.execute(opened.database.kysely)
  expect(result.rows.length).toBeGreaterThan(50)
  expect(toSortedLines(await listDeclaredColumns())).toEqual(toSortedLines(result.rows))
})
