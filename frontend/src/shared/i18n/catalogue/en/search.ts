import type { zhSearch } from '../zh/search.ts'

export const enSearch = {
  'search.title': 'Command palette',
  'search.input': 'Search or type a command',
  'search.placeholder': 'Search messages and chats, or type a command',
  'search.results': 'Results',
  'search.messages': 'Messages',
  'search.chats': 'Chats',
  'search.commands': 'Commands',
  'search.count': '{count, plural, one {# result} other {# results}}',
  'search.none': 'Nothing found for “{query}”',
  'search.none.hint': 'Try a shorter word. Titles and messages were searched, archived chats were not.',
  'search.failed': 'The search did not finish.',
  'search.key.choose': 'choose',
  'search.key.open': 'open',
  'search.command.newChat': 'New chat',
  'search.command.theme': 'Switch light and dark',
  'search.command.admin': 'Open administration',
  'search.command.settings': 'Open settings',
  'search.command.signOut': 'Sign out',
} satisfies Record<keyof typeof zhSearch, string>
