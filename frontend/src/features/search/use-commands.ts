import { useLocation } from 'wouter'
import { toggleTheme } from '../../shared/theme/toggle-theme.ts'
import { useAppActions } from '../../shared/ui/app-actions.ts'
import type { IconName } from '../../shared/ui/icon-paths.ts'
import type { PaletteItem } from './palette-item.ts'
import { findRanges } from './to-pieces.ts'
import { useSearchText } from './use-search-text.ts'

/** The commands whose name contains `query`. */
export function useCommands(query: string): PaletteItem[] {
  const text = useSearchText()
  const [, navigate] = useLocation()
  const { openSettings, signOut, me } = useAppActions()
  const commands: { name: string; label: string; icon: IconName; run: () => void }[] = [
    { name: 'new-chat', label: text('search.command.newChat'), icon: 'plus', run: () => navigate('/') },
    { name: 'theme', label: text('search.command.theme'), icon: 'sun', run: toggleTheme },
    { name: 'settings', label: text('search.command.settings'), icon: 'settings', run: openSettings },
    ...(me.user.role === 'member'
      ? []
      : [
          {
            name: 'admin',
            label: text('search.command.admin'),
            icon: 'shield' as const,
            run: () => navigate('/admin'),
          },
        ]),
    { name: 'sign-out', label: text('search.command.signOut'), icon: 'sign-out', run: signOut },
  ]
  return commands
    .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
    .map(({ name, label, icon, run }) => ({
      id: `command-${name}`,
      group: 'commands',
      icon,
      label,
      ranges: findRanges(label, query),
      detail: '',
      run,
    }))
}
