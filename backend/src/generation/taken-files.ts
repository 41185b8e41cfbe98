import { AppError } from '../base/app-error.ts'
import type { SessionFile } from '../chat/list-session-files.ts'
import { canReadFile } from '../providers/files/can-read-file.ts'
import { fitsRequest } from '../providers/files/place-files.ts'
import { getAdapter } from '../providers/find-adapter.ts'
import type { AgentChoice } from './generation-job.ts'

type Taker = Pick<AgentChoice, 'takes' | 'target'>

/** Text goes into the question's words, so that every agent takes it. */
export function takesFile({ takes, target }: Taker, { kind, mediaType }: SessionFile): boolean {
  if (kind === 'text') return true
  return kind === 'image' ? takes.images : takes.files && canReadFile(target.provider, mediaType)
}

/** Refused before it is accepted, so that the sender keeps it. Errors: `images_not_taken`, `files_not_taken`, `files_too_large`. */
export function assertTakes(agent: Taker, files: readonly SessionFile[]): void {
  const refused = files.find((file) => !takesFile(agent, file))
  if (refused) throw new AppError(refused.kind === 'image' ? 'images_not_taken' : 'files_not_taken')
  if (!fitsRequest(getAdapter(agent.target.provider), files)) throw new AppError('files_too_large')
}
