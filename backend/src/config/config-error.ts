/** One thing that is wrong with the environment. Never holds the value: it may be a secret. */
export interface ConfigProblem {
  variable: string
  rule: string
  example: string
}

/** Everything that is wrong, at once. The message is for an operator's terminal. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map((each) => `  ${each.variable} ${each.rule}. Example: ${each.variable}=${each.example}`)
    super(`The configuration is not usable:\n${lines.join('\n')}\nAll settings: docs/CONFIG.md`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}
