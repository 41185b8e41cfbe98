export type ThemeChoice = 'system' | 'light' | 'dark'
export type LanguageChoice = 'system' | 'zh' | 'en'

/** `isEnterToSend`: Enter sends and Shift + Enter breaks the line; else Ctrl/Cmd + Enter sends. */
export interface Settings {
  theme: ThemeChoice
  language: LanguageChoice
  isEnterToSend: boolean
  defaultAgentId: string | null
}

/** Settings from stored JSON. Whatever is missing or of another shape takes its default: storage outlives versions. */
export function parseSettings(json: string | null): Settings {
  const stored = parseRecord(json)
  const { theme, language, isEnterToSend, defaultAgentId } = stored
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    language: language === 'zh' || language === 'en' ? language : 'system',
    isEnterToSend: isEnterToSend !== false,
    defaultAgentId: typeof defaultAgentId === 'string' ? defaultAgentId : null,
  }
}

function parseRecord(json: string | null): Record<string, unknown> {
  if (!json) return {}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
