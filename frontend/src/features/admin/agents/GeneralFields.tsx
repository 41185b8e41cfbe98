import { Field } from '../ui/Field.tsx'
import { useAdminText } from '../use-admin-text.ts'
import type { AgentFieldsProps } from './agent-fields.ts'
import { SwitchField } from './SwitchField.tsx'
import { useProblemText } from './use-problem-text.ts'

/** What people see of an agent. */
export function GeneralFields({ form, before, problems, change }: AgentFieldsProps) {
  const text = useAdminText()
  const toProblem = useProblemText(problems)
  return (
    <>
      {before ? null : (
        <Field
          label={text('admin.agents.id')}
          value={form.id}
          onChange={(id) => change({ id })}
          maxLength={64}
          hint={text('admin.agents.id.hint')}
          error={toProblem('id')}
          isFirst
        />
      )}
      <Field
        label={text('admin.agents.name')}
        value={form.name}
        onChange={(name) => change({ name })}
        maxLength={120}
        error={toProblem('name')}
      />
      <Field
        label={text('admin.agents.description')}
        value={form.description}
        onChange={(description) => change({ description })}
        maxLength={500}
        lines={2}
      />
      <SwitchField
        label={text('admin.agents.isActive')}
        hint={text('admin.agents.isActive.hint')}
        isOn={form.isActive}
        onChange={(isActive) => change({ isActive })}
      />
      <SwitchField
        label={text('admin.agents.isDefault')}
        hint={text('admin.agents.isDefault.hint')}
        isOn={form.isDefault}
        onChange={(isDefault) => change({ isDefault })}
      />
    </>
  )
}
