import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import type { AgentForm, FormProblems } from './agent-form.ts'

/** What each part of the form works on. */
export interface AgentFieldsProps {
  form: AgentForm
  /** The stored agent; null for a new one. */
  before: AdminAgent | null
  /** Empty until somebody tried to save. */
  problems: FormProblems
  change: (changes: Partial<AgentForm>) => void
}
