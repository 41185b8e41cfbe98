import type { Me } from '@llmchat/protocol/api/auth-schema'
import { createContext, useContext } from 'react'

/** What a feature may ask of the app around it. */
export interface AppActions {
  openSearch: () => void
  openSettings: () => void
  signOut: () => void
  me: Me
}

export const AppActionsContext = createContext<AppActions | null>(null)

/** Throws outside the signed-in part of the app. */
export function useAppActions(): AppActions {
  const actions = useContext(AppActionsContext)
  if (!actions) throw new Error('useAppActions needs an AppActionsContext above it')
  return actions
}
