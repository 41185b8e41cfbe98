import type { LanguageFn } from 'highlight.js'

interface Grammar {
  name: string
  load: () => Promise<{ default: LanguageFn }>
}

/** Each in a chunk of its own, loaded when a fence asks for it. */
const loaders: Readonly<Record<string, Grammar['load']>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  graphql: () => import('highlight.js/lib/languages/graphql'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  lua: () => import('highlight.js/lib/languages/lua'),
  makefile: () => import('highlight.js/lib/languages/makefile'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  nginx: () => import('highlight.js/lib/languages/nginx'),
  php: () => import('highlight.js/lib/languages/php'),
  powershell: () => import('highlight.js/lib/languages/powershell'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scss: () => import('highlight.js/lib/languages/scss'),
  shell: () => import('highlight.js/lib/languages/shell'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
}

const aliases: Readonly<Record<string, string>> = {
  ...{ sh: 'bash', zsh: 'bash', console: 'shell', 'c++': 'cpp', h: 'c', hpp: 'cpp', cs: 'csharp', 'c#': 'csharp' },
  ...{ docker: 'dockerfile', golang: 'go', html: 'xml', svg: 'xml', vue: 'xml', js: 'javascript', jsx: 'javascript' },
  ...{ mjs: 'javascript', cjs: 'javascript', ts: 'typescript', tsx: 'typescript', jsonc: 'json', json5: 'json' },
  ...{ kt: 'kotlin', make: 'makefile', md: 'markdown', patch: 'diff', ps1: 'powershell', py: 'python', rb: 'ruby' },
  ...{ rs: 'rust', toml: 'ini', yml: 'yaml', postgresql: 'sql', pgsql: 'sql', mysql: 'sql', conf: 'nginx' },
}

/** The grammar for what a fence calls its language; null when there is none. */
export function findGrammar(language: string): Grammar | null {
  const lower = language.toLowerCase()
  const name = Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  return load ? { name, load } : null
}
