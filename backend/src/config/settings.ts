import {
  createChoiceSetting,
  createFlagSetting,
  createIntegerSetting,
  createListSetting,
  createTextSetting,
} from './setting.ts'
import {
  createLengthParser,
  parseEmail,
  parseOllamaHost,
  parsePostgresUrl,
  parseText,
  parseWebUrl,
} from './setting-parsers.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

function createDurationSetting(
  variable: string,
  defaultMs: number,
  description: string,
  limits: { minMs?: number; maxMs?: number } = {},
) {
  const { minMs: min = 1, maxMs: max = DAY_MS } = limits
  return createIntegerSetting({ variable, description, min, max, default: defaultMs })
}

const server = {
  mode: createChoiceSetting({
    variable: 'LLMCHAT_MODE',
    description: 'Which rules apply. Production refuses unsafe settings and brings no demo agents.',
    choices: ['embedded', 'production'],
    default: null,
    defaultText: 'production when DATABASE_URL is set or HOST is not loopback, else embedded',
    example: 'production',
  }),
  host: createTextSetting({
    variable: 'HOST',
    description: 'The address to listen on. 0.0.0.0 is every network this machine is in.',
    rule: 'a host name or an IP address',
    example: '0.0.0.0',
    default: '127.0.0.1',
    parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
  }),
  port: createIntegerSetting({
    variable: 'PORT',
    description: 'The port to listen on; 0 takes any free one.',
    min: 0,
    max: 65_535,
    default: 3001,
  }),
  publicUrl: createTextSetting({
    variable: 'PUBLIC_URL',
    description: 'The address people use, as the browser shows it. Required in production, there with https.',
    rule: 'an http or https address without query',
    example: 'https://chat.corp.example',
    default: null,
    defaultText: 'made from HOST and PORT',
    parse: parseWebUrl,
  }),
  allowInsecureHttp: createFlagSetting({
    variable: 'ALLOW_INSECURE_HTTP',
    description: 'Lets production do without an https PUBLIC_URL: cookies then travel unprotected.',
    default: false,
    defaultText: '0',
  }),
  trustedProxies: createListSetting({
    variable: 'TRUSTED_PROXIES',
    description: 'Proxies whose X-Forwarded-* headers are believed.',
    rule: 'IP addresses or networks, separated by commas',
    example: '10.0.0.0/8,127.0.0.1',
  }),
  secretKey: createTextSetting({
    variable: 'SECRET_KEY',
    description:
      'Seals the agents’ API keys and signs CSRF tokens; the same on every instance. Losing it loses the keys. Required in production. Make one with: openssl rand -base64 48',
    rule: 'at least 32 characters, made at random',
    example: '(the output of: openssl rand -base64 48)',
    default: null,
    defaultText: 'a file made in DATA_DIR on the first run',
    parse: createLengthParser(32),
  }),
  dataDir: createTextSetting({
    variable: 'DATA_DIR',
    description: 'The folder of the embedded database, its lock and the secret key. Only one process may use it.',
    rule: 'a path',
    example: '/var/lib/llmchat',
    default: './data',
    parse: parseText,
  }),
  logLevel: createChoiceSetting({
    variable: 'LOG_LEVEL',
    description: 'The least important log lines that are written.',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
}

const database = {
  databaseUrl: createTextSetting({
    variable: 'DATABASE_URL',
    description: 'PostgreSQL 15 or later; the database needs a UTF-8 character type (not plain C).',
    rule: 'a postgresql:// address',
    example: 'postgresql://llmchat:password@db.corp.example:5432/llmchat',
    default: null,
    defaultText: 'the embedded database in DATA_DIR',
    parse: parsePostgresUrl,
  }),
  databasePoolMax: createIntegerSetting({
    variable: 'DATABASE_POOL_MAX',
    description: 'Connections of one instance to PostgreSQL. All instances together must stay below max_connections.',
    min: 2,
    max: 1000,
    default: 50,
  }),
}

const people = {
  adminEmail: createTextSetting({
    variable: 'ADMIN_EMAIL',
    description: 'An administrator made at start when there is none of this address. Needs ADMIN_PASSWORD.',
    rule: 'an e-mail address',
    example: 'admin@corp.example',
    default: null,
    parse: parseEmail,
  }),
  adminPassword: createTextSetting({
    variable: 'ADMIN_PASSWORD',
    description: 'The first password of ADMIN_EMAIL. A later change of it here changes nothing.',
    rule: 'at least 12 characters',
    example: '(a password of your own)',
    default: null,
    parse: createLengthParser(12),
  }),
  loginIdleMs: createDurationSetting(
    'LOGIN_IDLE_MS',
    7 * DAY_MS,
    'A browser that was not used for so long must sign in again.',
    { maxMs: 366 * DAY_MS },
  ),
  loginAbsoluteMs: createDurationSetting('LOGIN_ABSOLUTE_MS', 30 * DAY_MS, 'A login ends after so long in any case.', {
    maxMs: 366 * DAY_MS,
  }),
  loginAttemptsPerMinute: createIntegerSetting({
    variable: 'LOGIN_ATTEMPTS_PER_MINUTE',
    description: 'Attempts to sign in, per address and account.',
    min: 1,
    max: 100_000,
    default: 10,
  }),
  rateLimitPerMinute: createIntegerSetting({
    variable: 'RATE_LIMIT_PER_MINUTE',
    description: 'Requests per minute and user, or address where nobody is signed in. 0 is no limit.',
    min: 0,
    max: 10_000_000,
    default: null,
    defaultText: '1000 in production, else no limit',
    example: '1000',
  }),
}

const agents = {
  agentsFile: createTextSetting({
    variable: 'AGENTS_FILE',
    description: 'Agents imported at every start; see config/agents.example.json.',
    rule: 'a path',
    example: 'config/agents.json',
    default: null,
    parse: parseText,
  }),
  demoAgents: createFlagSetting({
    variable: 'DEMO_AGENTS',
    description: 'Simulated agents, labelled as such, to try everything without a key.',
    default: null,
    defaultText: 'on unless in production',
  }),
  openaiApiKey: createTextSetting({
    variable: 'OPENAI_API_KEY',
    description: 'When set, OpenAI becomes an agent by itself.',
    rule: 'a key',
    example: '(your key)',
    default: null,
    parse: parseText,
  }),
  anthropicApiKey: createTextSetting({
    variable: 'ANTHROPIC_API_KEY',
    description: 'When set, Anthropic becomes an agent by itself.',
    rule: 'a key',
    example: '(your key)',
    default: null,
    parse: parseText,
  }),
  ollamaUrl: createTextSetting({
    variable: 'OLLAMA_HOST',
    description: 'Where an Ollama may run; if one answers there, its first model becomes an agent.',
    rule: 'a host, host:port or http address',
    example: '127.0.0.1:11434',
    default: null,
    defaultText: '127.0.0.1:11434 unless in production',
    parse: parseOllamaHost,
  }),
  outboundAllowedHosts: createListSetting({
    variable: 'OUTBOUND_ALLOWED_HOSTS',
    description: 'Private addresses that agents may have; all public ones are allowed, private ones refused.',
    rule: 'host names, *.suffixes, host:port pairs or IP addresses, separated by commas',
    example: 'fastgpt.corp.example,10.1.2.3:3000',
  }),
}

const generation = {
  connectMs: createDurationSetting('GENERATION_CONNECT_MS', 10_000, 'How long connecting to an agent may take.'),
  firstContentMs: createDurationSetting('GENERATION_FIRST_CONTENT_MS', 120_000, 'How long until its first content.'),
  idleMs: createDurationSetting('GENERATION_IDLE_MS', 60_000, 'How long it may then be silent.'),
  totalMs: createDurationSetting(
    'GENERATION_TOTAL_MS',
    15 * MINUTE_MS,
    'How long one answer may take with all retries.',
  ),
  flushMs: createDurationSetting('GENERATION_FLUSH_MS', 40, 'How often new content goes to the log and the viewers.'),
  checkpointMs: createDurationSetting(
    'GENERATION_CHECKPOINT_MS',
    2500,
    'How often running answers go to the database.',
  ),
  logTtlMs: createDurationSetting(
    'GENERATION_LOG_TTL_MS',
    10 * MINUTE_MS,
    'How long the log of an ended answer is kept.',
  ),
  maxRunning: createIntegerSetting({
    variable: 'GENERATION_MAX_RUNNING',
    description: 'Answers under way at once in one instance; further messages are answered 503 for now.',
    min: 1,
    max: 100_000,
    default: 2000,
  }),
  overloadDelayMs: createDurationSetting(
    'GENERATION_OVERLOAD_DELAY_MS',
    500,
    'New messages are answered 503 while the event loop runs so late; what runs goes on.',
  ),
  retryAttempts: createIntegerSetting({
    variable: 'GENERATION_RETRY_ATTEMPTS',
    description: 'Further attempts after a failure of which nothing was shown yet.',
    min: 0,
    max: 10,
    default: 2,
  }),
}

const operation = {
  heartbeatMs: createDurationSetting(
    'HEARTBEAT_MS',
    1500,
    'How often an instance shows in the database that it lives.',
  ),
  drainAcceptMs: createDurationSetting(
    'DRAIN_ACCEPT_MS',
    0,
    'On a stop: how long new requests are still accepted (5000 on Kubernetes).',
    { minMs: 0 },
  ),
  drainFinishMs: createDurationSetting('DRAIN_MS', 10_000, 'On a stop: how long running answers may go on.', {
    minMs: 0,
  }),
  drainForceMs: createDurationSetting('DRAIN_FORCE_MS', 15_000, 'On a stop: when the process ends in any case.'),
  ssePingMs: createDurationSetting('SSE_PING_MS', 15_000, 'How often a silent stream gets a sign of life.'),
  sseMaxBufferBytes: createIntegerSetting({
    variable: 'SSE_MAX_BUFFER_BYTES',
    description: 'A viewer that is so far behind is disconnected; it resumes by itself.',
    min: 1024,
    max: 1_073_741_824,
    default: 262_144,
  }),
  bodyLimitBytes: createIntegerSetting({
    variable: 'BODY_LIMIT_BYTES',
    description: 'The largest request body.',
    min: 1024,
    max: 1_073_741_824,
    default: 2_097_152,
  }),
  failpoint: createTextSetting({
    variable: 'FAILPOINT',
    description: 'For tests alone: the process dies at this write, as if the power went. See base/failpoints.ts.',
    rule: 'a failpoint, or failpoint@N for its N-th pass',
    example: 'commit:before',
    default: null,
    parse: (text) => (/^[a-z]+:(before|after)(@[1-9]\d{0,5})?$/.test(text) ? text : undefined),
  }),
}

/** Every setting, by the key that `createConfig` reads it with. */
export const settings = { ...server, ...database, ...people, ...agents, ...generation, ...operation }

/** The same, as the docs group them. */
export const settingSections = [
  { title: 'Server', settings: Object.values(server) },
  { title: 'Database', settings: Object.values(database) },
  { title: 'People', settings: Object.values(people) },
  { title: 'Agents', settings: Object.values(agents) },
  { title: 'Answers', settings: Object.values(generation) },
  { title: 'Operation', settings: Object.values(operation) },
]
