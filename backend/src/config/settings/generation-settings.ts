import { MINUTE_MS, createDurationSetting } from './duration-setting.ts'
import { createIntegerSetting } from '../setting.ts'

export const generationSettings = {
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
  retryPercent: createIntegerSetting({
    variable: 'GENERATION_RETRY_PERCENT',
    description: 'Retries and second requests of an agent in a minute, in percent of its requests in that minute.',
    min: 0,
    max: 100,
    default: 10,
  }),
  retryFloor: createIntegerSetting({
    variable: 'GENERATION_RETRY_FLOOR',
    description: 'Retries of an agent in a minute that are allowed on top of that.',
    min: 0,
    max: 1_000_000,
    default: 20,
  }),
  breakerFailures: createIntegerSetting({
    variable: 'GENERATION_BREAKER_FAILURES',
    description: 'So many failures of an agent, and half of its requests, leave it alone for a while.',
    min: 1,
    max: 1_000_000,
    default: 5,
  }),
  breakerWindowMs: createDurationSetting(
    'GENERATION_BREAKER_WINDOW_MS',
    30_000,
    'The time in which these failures count.',
  ),
  breakerOpenMs: createDurationSetting(
    'GENERATION_BREAKER_OPEN_MS',
    15_000,
    'How long it is left alone at first; twice as long each time that a trial fails, up to eight times.',
  ),
  maxWaiting: createIntegerSetting({
    variable: 'GENERATION_MAX_WAITING',
    description: 'Questions that may wait for one agent with a limit, in one instance.',
    min: 0,
    max: 100_000,
    default: 1000,
  }),
}
