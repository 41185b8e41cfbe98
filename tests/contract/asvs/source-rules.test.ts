import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface SourceRule {
  name: string
  pattern: RegExp
  /** Files that may, each for the reason beside it. */
  allowed: readonly string[]
  /** What the rule must find. */
  sample: string
}

const rules: readonly SourceRule[] = [
  {
    name: 'no text is run as code',
    pattern: /(?<![.\w])eval\(|new Function\(|node:vm\b|setTimeout\(['"`]/,
    allowed: [],
    sample: 'eval(text)',
  },
  {
    name: 'no text becomes HTML',
    pattern:
      /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|ContextualFragment|srcDoc/,
    allowed: [],
    sample: 'node.innerHTML = text',
  },
  {
    name: 'no program is started but our own worker',
    pattern: /child_process/,
    // Forks a file of the build; nothing of a request goes into its arguments.
    allowed: ['backend/src/db/pglite-session.ts'],
    sample: "import { exec } from 'node:child_process'",
  },
  {
    name: 'no text becomes SQL but from lists in the code',
    pattern: /sql\.(?:raw|lit)\(/,
    // The comparisons of SCIM filters; the columns and the direction of the audit log.
    allowed: ['backend/src/users/scim/to-filter-sql.ts', 'backend/src/audit/list-acts.ts'],
    sample: 'sql.raw(text)',
  },
  {
    name: 'nothing reads XML, YAML or serialised objects',
    pattern: /DOMParser|xml2js|fast-xml-parser|libxml|js-yaml|v8\.deserialize|node-serialize/,
    allowed: [],
    sample: 'new DOMParser()',
  },
  {
    name: 'pages send each other no messages',
    pattern: /(?:window|parent|opener|top)\.postMessage|addEventListener\(['"]message['"]/,
    allowed: [],
    sample: "window.addEventListener('message', take)",
  },
  {
    name: 'nothing speaks WebSocket, GraphQL or JSONP',
    pattern: /WebSocket|graphql|jsonp\b/i,
    // Colours of code in answers.
    allowed: ['frontend/src/shared/markdown/grammars.ts'],
    sample: 'new WebSocket(url)',
  },
  {
    name: 'chance that must not be guessed is not Math.random',
    pattern: /Math\.random/,
    // Spread of waiting times.
    allowed: [
      'backend/src/app.ts',
      'backend/src/http/sse/open-sse-pinger.ts',
      'frontend/src/features/chat/runtime/browser-runtime.ts',
    ],
    sample: 'Math.random()',
  },
]

const files = ['backend/src', 'frontend/src', 'packages/protocol/src'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => join(folder, path)),
)

describe('the forms', () => {
  const forms = files.filter((path) => /frontend\/src\/(?:features\/(?:auth|settings)|shared\/password)\//.test(path))
  const read = (path: string) => readFileSync(path, 'utf8')

  test('fields for passwords hide them, and let managers and the clipboard in', () => {
    expect(forms.length).toBeGreaterThan(15)
    // One field for all passwords; every form gives it a purpose that managers know.
    expect(read('frontend/src/shared/password/PasswordInput.tsx')).toContain("type={isShown ? 'text' : 'password'}")
    const fields = forms.flatMap((path) => [...read(path).matchAll(/<PasswordInput\b.*?\/>/gs)].map(([field]) => field))
    expect(fields.length).toBeGreaterThan(2)
    for (const field of fields) expect(field).toMatch(/autoComplete="(?:current|new)-password"/)
    const refusing = forms.filter((path) => /onPaste|onCopy|onDrop|addEventListener\('paste'/.test(read(path)))
    expect(refusing).toEqual([])
    const own = forms.filter((path) => /type="password"/.test(read(path)))
    expect(own).toEqual([])
  })
})

describe('the source', () => {
  test('is read as a whole', () => expect(files.length).toBeGreaterThan(600))

  test.each(rules)('$name', ({ pattern, allowed, sample }) => {
    expect(sample).toMatch(pattern)
    const found = files.filter((path) => pattern.test(readFileSync(path, 'utf8')))
    expect(found.sort()).toEqual([...allowed].sort())
  })
})
