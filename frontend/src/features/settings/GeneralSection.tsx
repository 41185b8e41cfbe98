import { useQuery } from '@tanstack/react-query'
import { agentsQuery } from '../../shared/api/agents.ts'
import { useSettingsText } from './use-settings-text.ts'
import type { LanguageChoice } from '../../shared/settings/parse-settings.ts'
import { changeSettings } from '../../shared/settings/settings-store.ts'
import { useSettings } from '../../shared/settings/use-settings.ts'
import { useAppActions } from '../../shared/ui/app-actions.ts'
import { ThemeChoices } from './ThemeChoices.tsx'

/** Appearance, language, the composer, the account. */
export function GeneralSection() {
  const text = useSettingsText()
  const { me, signOut } = useAppActions()
  const isEnterToSend = useSettings((settings) => settings.isEnterToSend)
  return (
    <>
      <div className="settings-row">
        <span>{text('settings.theme')}</span>
        <ThemeChoices />
      </div>
      <LanguageRow />
      <AgentRow />
      <label className="settings-row">
        <span>
          {text('settings.enterToSend')}
          <small>{text('settings.enterToSend.hint')}</small>
        </span>
        <input
          type="checkbox"
          className="switch"
          role="switch"
          checked={isEnterToSend}
          onChange={(event) => changeSettings({ isEnterToSend: event.target.checked })}
        />
      </label>
      <div className="settings-row">
        <span>
          {text('settings.account')}
          <small>{me.user.email}</small>
        </span>
        <button type="button" className="btn" onClick={signOut}>
          {text('settings.signOut')}
        </button>
      </div>
    </>
  )
}

function LanguageRow() {
  const text = useSettingsText()
  const language = useSettings((settings) => settings.language)
  return (
    <label className="settings-row">
      <span>{text('settings.language')}</span>
      <select
        className="input"
        value={language}
        onChange={(event) => changeSettings({ language: toLanguageChoice(event.target.value) })}
      >
        <option value="system">{text('settings.language.system')}</option>
        <option value="zh" lang="zh-CN">
          简体中文
        </option>
        <option value="en" lang="en">
          English
        </option>
      </select>
    </label>
  )
}

function toLanguageChoice(value: string): LanguageChoice {
  return value === 'zh' || value === 'en' ? value : 'system'
}

function AgentRow() {
  const text = useSettingsText()
  const agents = useQuery(agentsQuery)
  const defaultAgentId = useSettings((settings) => settings.defaultAgentId)
  const active = agents.data?.filter(({ isActive }) => isActive) ?? []
  const isKnown = active.some(({ id }) => id === defaultAgentId)
  return (
    <label className="settings-row">
      <span>
        {text('settings.agent')}
        {agents.isError ? <small>{text('settings.agent.failed')}</small> : null}
      </span>
      <select
        className="input"
        value={isKnown && defaultAgentId !== null ? defaultAgentId : ''}
        disabled={!agents.data}
        onChange={(event) => changeSettings({ defaultAgentId: event.target.value || null })}
      >
        <option value="">{text('settings.agent.server')}</option>
        {active.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
