import { useQuery } from '@tanstack/react-query'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { adminAgentsQuery } from '../api/agents.ts'
import { Field } from '../ui/Field.tsx'
import { useAdminText } from '../use-admin-text.ts'
import type { AgentFieldsProps } from './agent-fields.ts'
import { hasModel } from './provider-fields.ts'
import { useProblemText } from './use-problem-text.ts'

const maxFallbacks = 5

/** What happens when it is slow, busy or away. */
export function ResilienceFields(props: AgentFieldsProps) {
  const { form, problems, change } = props
  const text = useAdminText()
  const toProblem = useProblemText(problems)
  return (
    <>
      <div className="two">
        <Field
          label={text('admin.agents.maxConcurrent')}
          value={form.maxConcurrent}
          onChange={(maxConcurrent) => change({ maxConcurrent })}
          maxLength={10}
          hint={text('admin.agents.maxConcurrent.hint')}
          error={toProblem('maxConcurrent')}
        />
        {hasModel(form.provider) ? (
          <Field
            label={text('admin.agents.hedge')}
            value={form.hedgeAfterMs}
            onChange={(hedgeAfterMs) => change({ hedgeAfterMs })}
            maxLength={10}
            hint={text('admin.agents.hedge.hint')}
            error={toProblem('hedgeAfterMs')}
          />
        ) : null}
      </div>
      <FallbackFields {...props} />
    </>
  )
}

function FallbackFields({ form, before, change }: AgentFieldsProps) {
  const text = useAdminText()
  const { data } = useQuery(adminAgentsQuery)
  const names = new Map(data?.map(({ id, name }) => [id, name]))
  const { fallbackAgentIds: ids } = form
  const others = data?.filter(({ id }) => id !== (before?.id ?? form.id) && !ids.includes(id)) ?? []
  return (
    <fieldset>
      <legend>{text('admin.agents.fallback')}</legend>
      <small>{text('admin.agents.fallback.hint')}</small>
      <ol className="admin-rows">
        {ids.map((id, index) => {
          const name = names.get(id) ?? id
          return (
            <li key={id}>
              <span>
                {index + 1}. {name}
              </span>
              {index === 0 ? null : (
                <IconButton
                  icon="send"
                  label={text('admin.agents.fallback.up', { name })}
                  onClick={() => change({ fallbackAgentIds: toMovedUp(ids, index) })}
                />
              )}
              <IconButton
                icon="close"
                label={text('admin.agents.fallback.remove', { name })}
                onClick={() => change({ fallbackAgentIds: ids.filter((each) => each !== id) })}
              />
            </li>
          )
        })}
      </ol>
      {ids.length >= maxFallbacks || others.length === 0 ? null : (
        <select
          className="input"
          aria-label={text('admin.agents.fallback.add')}
          value=""
          onChange={(event) => change({ fallbackAgentIds: [...ids, event.target.value] })}
        >
          <option value="">{text('admin.agents.fallback.choose')}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </fieldset>
  )
}

function toMovedUp(ids: readonly string[], index: number): string[] {
  return ids.toSpliced(index - 1, 2, ...ids.slice(index - 1, index + 1).reverse())
}
