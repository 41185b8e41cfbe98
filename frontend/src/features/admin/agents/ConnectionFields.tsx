import { useId } from 'react'
import { Field } from '../ui/Field.tsx'
import { useAdminText } from '../use-admin-text.ts'
import type { AgentFieldsProps } from './agent-fields.ts'
import { defaultBaseUrls, hasAppId, hasModel, optionNames, providerLabels, providerNames } from './provider-fields.ts'
import { useProblemText } from './use-problem-text.ts'

/** Where an agent's answers come from, and with what key. */
export function ConnectionFields(props: AgentFieldsProps) {
  const { form, problems, change } = props
  const text = useAdminText()
  const toProblem = useProblemText(problems)
  const providerId = useId()
  const { provider } = form
  return (
    <>
      <div className="field">
        <span>
          <label htmlFor={providerId}>{text('admin.agents.provider')}</label>
        </span>
        <select
          id={providerId}
          className="input"
          value={provider}
          onChange={(event) =>
            change({ provider: providerNames.find((name) => name === event.target.value) ?? provider })
          }
        >
          {providerNames.map((name) => (
            <option key={name} value={name}>
              {providerLabels[name]}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={text('admin.agents.baseUrl')}
        type="url"
        value={form.baseUrl}
        onChange={(baseUrl) => change({ baseUrl })}
        maxLength={2000}
        hint={text('admin.agents.baseUrl.hint', { url: defaultBaseUrls[provider] })}
        error={toProblem('baseUrl')}
      />
      <KeyField {...props} />
      {hasModel(provider) ? (
        <Field
          label={text('admin.agents.modelName')}
          value={form.model}
          onChange={(model) => change({ model })}
          maxLength={200}
          error={toProblem('model')}
        />
      ) : null}
      {hasAppId(provider) ? (
        <Field
          label={text('admin.agents.appId')}
          value={form.appId}
          onChange={(appId) => change({ appId })}
          maxLength={200}
        />
      ) : null}
      <Field
        label={text('admin.agents.options')}
        value={form.options}
        onChange={(options) => change({ options })}
        lines={4}
        isCode
        hint={text('admin.agents.options.hint', { names: optionNames[provider].join(', ') })}
        error={toProblem('options')}
      />
    </>
  )
}

/** Write-only: the stored key never comes back, so the field begins empty and says so. */
function KeyField({ form, before, problems, change }: AgentFieldsProps) {
  const text = useAdminText()
  const toProblem = useProblemText(problems)
  const isStored = before?.hasApiKey === true
  return (
    <>
      <Field
        label={text('admin.agents.apiKey')}
        type="password"
        value={form.apiKey}
        onChange={(apiKey) => change({ apiKey, isKeyRemoved: false })}
        maxLength={4000}
        isDisabled={form.isKeyRemoved}
        hint={text(isStored ? 'admin.agents.apiKey.keep' : 'admin.agents.apiKey.hint')}
        error={toProblem('apiKey')}
      />
      {isStored ? (
        <label className="admin-check">
          <input
            type="checkbox"
            checked={form.isKeyRemoved}
            onChange={(event) => change({ isKeyRemoved: event.target.checked, apiKey: '' })}
          />
          <span>{text('admin.agents.apiKey.remove')}</span>
        </label>
      ) : null}
    </>
  )
}
