import { type PlannedFault, parseFaults } from './plan/planned-fault.ts'
import type { Corpus } from './simulated-text.ts'

export type Quirk = 'deepseek' | 'qwen' | 'groq' | 'mistral' | 'kimi' | 'vllm' | 'ollama' | 'azure' | 'think-tags'

/** What one request asks of the simulator. Every key of the grammar sets one field. */
export interface SimulatorPlan {
  /** `tokens`: answer tokens; null = 60, or the whole demo answer. */
  tokens: number | null
  /** `ttft`: wait before the first token, ms. */
  ttftMs: number
  /** `gap`: wait between tokens, ms; 0 = as fast as the socket takes them. */
  gapMs: number
  /** `seed`: null = hash of the last user prompt. */
  seed: number | null
  corpus: Corpus
  /** `reasoning`: reasoning tokens before the answer. */
  reasoning: number
  /** `steps`: extra workflow steps (FastGPT and Dify chatflow). */
  steps: number
  /** `tools`: tool calls. */
  tools: number
  /** `interactive`: the run pauses and asks the user to choose (`select`) or to fill in (`form`). */
  interactive: 'none' | 'select' | 'form'
  /** `mode`: the kind of Dify app. */
  mode: 'chat' | 'agent' | 'workflow'
  /** `order`: which of Dify's two closing events comes first. */
  order: 'message-end-first' | 'workflow-finished-first'
  /** `usage`: `none` leaves the token figures out. */
  usage: 'normal' | 'none'
  /** `heartbeat`: ms between keep-alives; null = what the provider does, 0 = none. */
  heartbeatMs: number | null
  /** `quirk`: how a compatible server differs from OpenAI. */
  quirk: Quirk | null
  /**
   * `upload`: what becomes of a file that is put up (FastGPT and Dify): taken, by FastGPT's older form, refused as too large,
   * failed once, never answered.
   */
  upload: 'normal' | 'form' | 'too-large' | 'fail-once' | 'stall'
  faults: readonly PlannedFault[]
}

export type PlanSettings = {
  -readonly [Key in keyof SimulatorPlan]?: SimulatorPlan[Key]
}

export interface ParsedPlan {
  settings: PlanSettings
  /** One line for each part that is not in the grammar; empty = all understood. */
  problems: string[]
}

const DEFAULT_PLAN: SimulatorPlan = {
  tokens: null,
  ttftMs: 50,
  gapMs: 5,
  seed: null,
  corpus: 'words',
  reasoning: 0,
  steps: 0,
  tools: 0,
  interactive: 'none',
  mode: 'chat',
  order: 'message-end-first',
  usage: 'normal',
  heartbeatMs: null,
  quirk: null,
  upload: 'normal',
  faults: [],
}

/** Answer tokens when a plan names no number. */
export const DEFAULT_TOKENS = 60

class PlanProblem extends Error {}

function toCount(key: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new PlanProblem(`${key} wants a whole number, not "${value}"`)
  return Number(value)
}

function toMs(key: string, value: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(value)) throw new PlanProblem(`${key} wants milliseconds, not "${value}"`)
  return Number(value)
}

function toChoice<Choice extends string>(key: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new PlanProblem(`${key} wants one of ${choices.join(', ')}, not "${value}"`)
  return found
}

const CORPORA = ['words', 'ascii', 'demo'] as const
const QUIRKS = ['deepseek', 'qwen', 'groq', 'mistral', 'kimi', 'vllm', 'ollama', 'azure', 'think-tags'] as const

function toMode(value: string): SimulatorPlan['mode'] {
  const choice = toChoice('mode', value, ['chat', 'agent', 'workflow', 'agent-chat', 'advanced-chat'])
  if (choice === 'agent-chat') return 'agent'
  return choice === 'advanced-chat' ? 'workflow' : choice
}

const SETTERS: Readonly<Record<string, (value: string, settings: PlanSettings) => void>> = {
  tokens: (value, settings) => (settings.tokens = toCount('tokens', value)),
  ttft: (value, settings) => (settings.ttftMs = toMs('ttft', value)),
  gap: (value, settings) => (settings.gapMs = toMs('gap', value)),
  seed: (value, settings) => (settings.seed = toCount('seed', value)),
  corpus: (value, settings) => (settings.corpus = toChoice('corpus', value, CORPORA)),
  reasoning: (value, settings) => (settings.reasoning = toCount('reasoning', value)),
  steps: (value, settings) => (settings.steps = toCount('steps', value)),
  tools: (value, settings) => (settings.tools = toCount('tools', value)),
  interactive: (value, settings) => (settings.interactive = toChoice('interactive', value, ['none', 'select', 'form'])),
  mode: (value, settings) => (settings.mode = toMode(value)),
  order: (value, settings) =>
    (settings.order = toChoice('order', value, ['message-end-first', 'workflow-finished-first'])),
  usage: (value, settings) => (settings.usage = toChoice('usage', value, ['normal', 'none'])),
  heartbeat: (value, settings) => (settings.heartbeatMs = toMs('heartbeat', value)),
  quirk: (value, settings) => (settings.quirk = toChoice('quirk', value, QUIRKS)),
  upload: (value, settings) =>
    (settings.upload = toChoice('upload', value, ['normal', 'form', 'too-large', 'fail-once', 'stall'])),
}

function applyModifiers(settings: PlanSettings, modifiers: readonly string[], problems: string[]): void {
  if (modifiers.length === 0) return
  if (settings.faults === undefined) {
    problems.push(`${modifiers.join(' ')} needs a fault`)
    return
  }
  const suffix = modifiers.map((modifier) => `;${modifier}`).join('')
  const parsed = parseFaults(settings.faults.map((fault) => fault.key + suffix).join('+'))
  settings.faults = parsed.faults
  problems.push(...parsed.problems)
}

/**
 * Reads `key=value` pairs parted by blanks or commas, such as `tokens=200,ttft=100,fault=cut@40;once`.
 * A bare `once`, `times=N` or `flap=onMs/offMs` goes to every fault of the plan.
 */
export function parsePlan(text: string): ParsedPlan {
  const settings: PlanSettings = {}
  const problems: string[] = []
  const modifiers: string[] = []
  for (const pair of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const cut = pair.indexOf('=')
    const key = cut < 0 ? pair : pair.slice(0, cut)
    const value = cut < 0 ? '' : pair.slice(cut + 1)
    if (key === 'once' || key === 'times' || key === 'flap') {
      modifiers.push(pair)
      continue
    }
    if (key === 'fault') {
      const parsed = parseFaults(value)
      settings.faults = [...(settings.faults ?? []), ...parsed.faults]
      problems.push(...parsed.problems)
      continue
    }
    const set = Object.hasOwn(SETTERS, key) ? SETTERS[key] : undefined
    if (set === undefined) {
      problems.push(`unknown key "${key}"`)
      continue
    }
    try {
      set(value, settings)
    } catch (error) {
      if (!(error instanceof PlanProblem)) throw error
      problems.push(error.message)
    }
  }
  applyModifiers(settings, modifiers, problems)
  return { settings, problems }
}

/** Lays settings over the defaults; of two that set the same key, the earlier one wins. */
export function toPlan(settingsByPriority: readonly PlanSettings[]): SimulatorPlan {
  return settingsByPriority.reduceRight<SimulatorPlan>((plan, settings) => ({ ...plan, ...settings }), DEFAULT_PLAN)
}
