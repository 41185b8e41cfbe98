import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import { useState } from 'react'
import { createAgent, updateAgent } from '../api/agents.ts'
import { Drawer, DrawerSection } from '../ui/Drawer.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { emptyAgentForm, findProblems, toAgentForm, toCreateRequest, toUpdateRequest } from './agent-form.ts'
import type { AgentForm } from './agent-form.ts'
import { AnswerFields } from './AnswerFields.tsx'
import { ConnectionFields } from './ConnectionFields.tsx'
import { GeneralFields } from './GeneralFields.tsx'
import { ResilienceFields } from './ResilienceFields.tsx'

interface AgentFormDrawerProps {
  /** Null: a new one. */
  agent: AdminAgent | null
  onClose: () => void
  onSaved?: (agent: AdminAgent) => void
}

/** All settings of an agent; those that its provider does not have are not asked for. */
export function AgentFormDrawer({ agent, onClose, onSaved }: AgentFormDrawerProps) {
  const text = useAdminText()
  // As it was when the form was opened: what others change meanwhile is neither shown nor overwritten.
  const [before] = useState(agent)
  const [form, setForm] = useState<AgentForm>(before ? toAgentForm(before) : emptyAgentForm)
  const [isChecked, setIsChecked] = useState(false)
  const name = form.name.trim()
  const save = useAct({
    run: async () => {
      if (before === null) return createAgent(toCreateRequest(form))
      const changes = toUpdateRequest(form, before)
      return changes === null ? before : updateAgent(before.id, changes)
    },
    done: text(before ? 'admin.agents.edit.done' : 'admin.agents.create.done', { name }),
    onDone: (saved) => {
      onClose()
      onSaved?.(saved)
    },
  })
  const problems = isChecked ? findProblems(form, before) : {}
  const fields = {
    form,
    before,
    problems,
    change: (changes: Partial<AgentForm>) => setForm((current) => ({ ...current, ...changes })),
  }
  return (
    <Drawer
      title={before ? text('admin.agents.edit.title', { name: before.name }) : text('admin.agents.create')}
      onClose={onClose}
    >
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setIsChecked(true)
          const isRight = Object.keys(findProblems(form, before)).length === 0
          if (isRight && !save.isPending) save.mutate()
        }}
      >
        <GeneralFields {...fields} />
        <DrawerSection title={text('admin.agents.connection')}>
          <ConnectionFields {...fields} />
        </DrawerSection>
        <AnswerFields {...fields} />
        <ResilienceFields {...fields} />
        <FormError error={save.error} />
        {Object.keys(problems).length === 0 ? null : (
          <p role="alert" className="admin-error">
            {text('admin.agents.problems')}
          </p>
        )}
        <FormActs
          act={text(before ? 'common.save' : 'admin.agents.create.act')}
          isPending={save.isPending}
          onCancel={onClose}
        />
      </form>
    </Drawer>
  )
}
