import { Field } from '../ui/Field.tsx'
import { useAdminText } from '../use-admin-text.ts'
import type { AgentFieldsProps } from './agent-fields.ts'
import { hasModel } from './provider-fields.ts'
import { SwitchField } from './SwitchField.tsx'
import { useProblemText } from './use-problem-text.ts'

/** How it answers, where that is ours to say, and what it suggests to be asked. */
export function AnswerFields({ form, problems, change }: AgentFieldsProps) {
  const text = useAdminText()
  const toProblem = useProblemText(problems)
  return (
    <>
      {hasModel(form.provider) ? (
        <>
          <Field
            label={text('admin.agents.systemPrompt')}
            value={form.systemPrompt}
            onChange={(systemPrompt) => change({ systemPrompt })}
            maxLength={100_000}
            lines={4}
          />
          <div className="two">
            <Field
              label={text('admin.agents.temperature')}
              value={form.temperature}
              onChange={(temperature) => change({ temperature })}
              maxLength={10}
              hint={text('admin.agents.temperature.hint')}
              error={toProblem('temperature')}
            />
            <Field
              label={text('admin.agents.maxTokens')}
              value={form.maxTokens}
              onChange={(maxTokens) => change({ maxTokens })}
              maxLength={10}
              hint={text('admin.agents.maxTokens.hint')}
              error={toProblem('maxTokens')}
            />
          </div>
        </>
      ) : null}
      <SwitchField
        label={text('admin.agents.takesImages')}
        hint={text('admin.agents.takesImages.hint')}
        isOn={form.takesImages}
        onChange={(takesImages) => change({ takesImages })}
      />
      <SwitchField
        label={text('admin.agents.takesFiles')}
        hint={text('admin.agents.takesFiles.hint')}
        isOn={form.takesFiles}
        onChange={(takesFiles) => change({ takesFiles })}
      />
      <Field
        label={text('admin.agents.suggestions')}
        value={form.suggestions}
        onChange={(suggestions) => change({ suggestions })}
        lines={3}
        hint={text('admin.agents.suggestions.hint')}
        error={toProblem('suggestions')}
      />
    </>
  )
}
