import { AppError } from '../base/app-error.ts'
import type { SessionFile } from '../chat/list-session-files.ts'
import type { AgentChoice } from './generation-job.ts'

/** Text goes into the question's words, so that every agent takes it. */
export function takesFile(agent: Pick<AgentChoice, 'takes'>, { kind }: Pick<SessionFile, 'kind'>): boolean {
  if (kind === 'text') return true
  return kind === 'image' ? agent.takes.images : agent.takes.files
}

/** Refused before it is accepted, so that the sender keeps it. Errors: `images_not_taken`, `files_not_taken`. */
export function assertTakes(agent: Pick<AgentChoice, 'takes'>, files: readonly SessionFile[]): void {
  const refused = files.find((file) => !takesFile(agent, file))
  if (refused) throw new AppError(refused.kind === 'image' ? 'images_not_taken' : 'files_not_taken')
}
