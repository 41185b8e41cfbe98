import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { useAppActions } from '../../shared/ui/app-actions.ts'

export interface Viewer {
  id: string
  role: UserRole
  /** People, groups, keys, invitations. */
  mayAdminister: boolean
  /** Agents, instances, login sessions. */
  mayOperate: boolean
}

/** Whoever looks, and what they may change. The server decides; this only keeps dead buttons off the page. */
export function useViewer(): Viewer {
  const { id, role } = useAppActions().me.user
  return { id, role, mayAdminister: role === 'admin', mayOperate: role === 'admin' || role === 'operator' }
}
