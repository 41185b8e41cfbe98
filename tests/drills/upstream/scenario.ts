import type { Simulator } from '@llmchat/simulator/open-simulator'
import type { TestProvider } from '../../support/test-agents.ts'
import type { Asked, AskOptions, V1Reply } from './drill-client.ts'

/** One agent of a scenario, with an upstream of its own: what reaches it can be counted. */
export interface DrillAgent {
  /** Its name within the scenario. */
  key: string
  /** What its upstream does, in the simulator's words. */
  plan: string
  /** Keys of others of this scenario, in order. */
  fallbacks?: readonly string[]
  /** Default: `openai`. */
  provider?: TestProvider
  hedgeAfterMs?: number
  /** It can go on from the beginning of an answer. */
  canContinue?: boolean
}

/** Durations of one run: as in real life, or scaled down for the test suite. */
export interface DrillPace {
  /** The server's clocks. */
  firstContentMs: number
  idleMs: number
  breakerOpenMs: number
  /** How long the stalls are that must be survived; shorter than `idleMs`. */
  stallMs: number
  retryAfterSeconds: number
  hedgeAfterMs: number
  flap: { totalMs: number; phaseMs: number; questionEveryMs: number }
  /** A question that has no end by then hangs. */
  askLimitMs: number
}

export interface DrillRun {
  pace: DrillPace
  ask(agentKey: string, options?: AskOptions): Promise<Asked>
  askV1(agentKey: string): Promise<V1Reply>
  /** The id under which an agent was imported. */
  idOf(agentKey: string): string
  nameOf(agentKey: string): string
  upstream(agentKey: string): Simulator
  /** Answers that were asked of an agent's upstream. */
  countRequests(agentKey: string): number
  readMetrics(): Promise<string>
  /** Notes whether something is as it must be; `seen` is printed where it is not. */
  check(what: string, isRight: boolean, seen?: unknown): void
}

export interface Scenario {
  name: string
  /** Runs after the others, alone: its questions would slow their clocks. */
  isLoad?: boolean
  /** What must be true, in words. */
  right: string
  agents(pace: DrillPace): readonly DrillAgent[]
  run(drill: DrillRun): Promise<void>
}

/** Tokens of an answer in every scenario. */
export const answerTokens = 60
export const standbySeed = 2
export const primarySeed = 1

/** An upstream that answers quickly and at length; `fault` is what else it does. */
export function toPlan(seed: number, fault = ''): string {
  return `tokens=${answerTokens},ttft=5,gap=2,seed=${seed}${fault === '' ? '' : `,fault=${fault}`}`
}
