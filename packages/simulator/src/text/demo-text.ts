import { toDerivedSeed } from './stable-hash.ts'

const QUOTED_CHARACTERS = 80

interface DemoWords {
  greetings: readonly string[]
  truth: string
  quote: (excerpt: string) => string
  listTitle: string
  list: readonly string[]
  tableTitle: string
  tableRows: readonly (readonly [string, string])[]
  tableIntro: string
  codeTitle: string
  codeIntro: string
  code: string
  important: string
  formula: string
  closing: string
}

const ENGLISH: DemoWords = {
  greetings: ['Hello! ', 'Good to see you! ', 'Welcome! '],
  truth:
    'I am a **simulated agent**: no language model stands behind this answer. A small program wrote it, so that you can try the whole product without a key.',
  quote: (excerpt) => `You wrote: “${excerpt}”`,
  listTitle: '### What you are looking at',
  list: [
    'Text that arrives piece by piece, as from a real agent',
    '**Formatting**: lists, tables, code and formulas',
    'An answer that survives a lost connection: reload the page while I write',
  ],
  tableTitle: '### A table',
  tableIntro: 'You asked for a table:',
  tableRows: [
    ['Part', 'State'],
    ['Streaming', 'working'],
    ['Language model', 'none, simulated'],
    ['Cost of this answer', '0'],
  ],
  codeTitle: '### Some code',
  codeIntro: 'You asked for code:',
  code: 'export function greet(name: string): string {\n  return `Hello, ${name}!`\n}',
  important: '**Important:** please do not rely on anything I say; connect a real agent for real answers.',
  formula: 'An inline formula, too: $E = mc^2$.',
  closing:
    'An administrator adds real agents under Administration, Agents, or from a file: npm run llmchat -- agents import FILE.',
}

const CHINESE: DemoWords = {
  greetings: ['你好！', '很高兴见到你！', '欢迎！'],
  truth: '我是一个**模拟智能体**：这个回答背后没有任何语言模型，它由一段小程序写成，让你不需要密钥就能试用整个产品。',
  quote: (excerpt) => `你写道：“${excerpt}”`,
  listTitle: '### 你正在看到什么',
  list: [
    '文字一段一段地到达，就像真正的智能体一样',
    '**格式**：列表、表格、代码和公式',
    '断线也不会丢失的回答：可以在我书写时刷新页面',
  ],
  tableTitle: '### 表格',
  tableIntro: '你要的表格：',
  tableRows: [
    ['部分', '状态'],
    ['流式输出', '正常'],
    ['语言模型', '无（模拟）'],
    ['本次费用', '0'],
  ],
  codeTitle: '### 代码',
  codeIntro: '你要的代码：',
  code: 'export function greet(name: string): string {\n  return `你好，${name}！`\n}',
  important: '**重要：**请注意，不要依赖我说的任何内容；要得到真实的回答，请接入真正的智能体。',
  formula: '还有一个行内公式：$E = mc^2$。',
  closing: '管理员可以在“管理 → 智能体”里添加真正的智能体，也可以用文件：npm run llmchat -- agents import FILE。',
}

function toExcerpt(prompt: string): string {
  const plain = prompt
    .replace(/\[\[sim [^\]]*\]\]/g, '')
    .replace(/[`*_#<>|$\\[\]~]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = Array.from(plain)
  return characters.length <= QUOTED_CHARACTERS ? plain : `${characters.slice(0, QUOTED_CHARACTERS).join('')}…`
}

function toTable(rows: DemoWords['tableRows']): string {
  const [head, ...rest] = rows.map((cells) => `| ${cells.join(' | ')} |`)
  return [head ?? '', '|---|---|', ...rest].join('\n')
}

/**
 * The Markdown answer of the demo agents: says truthfully that it is simulated, quotes the prompt, and shows what the
 * product can render; Chinese when the prompt has Chinese characters, and led by the table or code it asks for.
 */
export function toDemoAnswer(prompt: string, seed: number): string {
  const words = /[\u3400-\u9fff]/.test(prompt) ? CHINESE : ENGLISH
  const asksForTable = /\btables?\b|表格/i.test(prompt)
  const asksForCode = /\bcode\b|代码/i.test(prompt)
  const greeting = words.greetings[toDerivedSeed(seed, 'greeting') % words.greetings.length] ?? ''
  const table = [words.tableTitle, asksForTable ? words.tableIntro : '', toTable(words.tableRows)]
  const code = [words.codeTitle, asksForCode ? words.codeIntro : '', `\`\`\`ts\n${words.code}\n\`\`\``]
  const list = [words.listTitle, words.list.map((line) => `- ${line}`).join('\n')]
  const excerpt = toExcerpt(prompt)
  const sections = [
    ...(asksForTable ? table : []),
    ...(asksForCode ? code : []),
    ...list,
    ...(asksForTable ? [] : table),
    ...(asksForCode ? [] : code),
  ]
  return [
    greeting + words.truth,
    excerpt === '' ? '' : words.quote(excerpt),
    ...sections,
    words.important,
    words.formula,
    words.closing,
  ]
    .filter((block) => block !== '')
    .join('\n\n')
}

/** The demo answer cut in small pieces: a word with its space, one or two Chinese characters, or one sign. */
export function toDemoTokens(prompt: string, seed: number): string[] {
  return toDemoAnswer(prompt, seed).match(/ ?[A-Za-z0-9]{1,8}|[\u3400-\u9fff]{1,2}|\n+|[^]/gu) ?? []
}
