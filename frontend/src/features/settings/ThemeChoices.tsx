import { useSettingsText } from './use-settings-text.ts'
import { changeSettings } from '../../shared/settings/settings-store.ts'
import { useSettings } from '../../shared/settings/use-settings.ts'

const choices = ['system', 'light', 'dark'] as const

/** System, light or dark. */
export function ThemeChoices() {
  const text = useSettingsText()
  const theme = useSettings((settings) => settings.theme)
  return (
    <fieldset className="settings-choices">
      <legend className="sr">{text('settings.theme')}</legend>
      {choices.map((choice) => (
        <label key={choice}>
          <input
            className="sr"
            type="radio"
            name="theme"
            checked={choice === theme}
            onChange={() => changeSettings({ theme: choice })}
          />
          {text(`settings.theme.${choice}`)}
        </label>
      ))}
    </fieldset>
  )
}
