import { useAdminText } from '../use-admin-text.ts'
import type { AgentForm, FormProblems } from './agent-form.ts'

/** What is wrong with a field, in words; undefined: nothing. */
export function useProblemText(problems: FormProblems): (field: keyof AgentForm) => string | undefined {
  const text = useAdminText()
  return (field) => {
    const problem = problems[field]
    if (problem === undefined) return undefined
    if (problem === 'json') return text('admin.agents.problem.json', { example: '{"key": "value"}' })
    if (problem !== 'integer') return text(`admin.agents.problem.${problem}`)
    if (field === 'maxTokens' || field === 'maxConcurrent') return text(`admin.agents.problem.integer.${field}`)
    return text('admin.agents.problem.integer.hedgeAfterMs')
  }
}
