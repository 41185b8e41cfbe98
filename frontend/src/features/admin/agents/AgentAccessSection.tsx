import type { AdminAgent, AgentAccessRule } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { effects, toEffect, withEffect } from '../api/access-rules.ts'
import { getAgent, replaceAccess } from '../api/agents.ts'
import { groupsQuery } from '../api/groups.ts'
import { DrawerSection } from '../ui/Drawer.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { EffectSelect } from './EffectSelect.tsx'

/** Which groups may see an agent, and which may not. */
export function AgentAccessSection({ agent }: { agent: AdminAgent }) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const { data: groups, error, refetch } = useQuery(groupsQuery)
  const [rules, setRules] = useState<AgentAccessRule[]>(agent.access.rules)
  const changed = (groups ?? []).filter(({ id }) => toEffect(rules, id) !== toEffect(agent.access.rules, id))
  const save = useAct({
    run: async () => {
      // Read just before: the rules are written as a whole, and those that others changed meanwhile must stay.
      const { access } = await getAgent(agent.id)
      const next = changed.reduce((kept, { id }) => withEffect(kept, id, toEffect(rules, id)), access.rules)
      return replaceAccess(agent.id, next)
    },
    done: text('admin.agents.access.saved', { name: agent.name }),
  })
  return (
    <DrawerSection title={text('admin.agents.access.title')}>
      {groups?.length === 0 ? <p>{text('admin.agents.access.noGroups')}</p> : <p>{text('admin.groups.agents.hint')}</p>}
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} isSmall />}
      <form
        className="admin-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!save.isPending) save.mutate()
        }}
      >
        <ul className="admin-rows" aria-label={text('admin.agents.access.title')}>
          {groups?.map(({ id, name, memberCount }) => (
            <li key={id}>
              <span>
                {name}
                <small>
                  {text('admin.groups.members')} {memberCount}
                </small>
              </span>
              <EffectSelect
                label={name}
                value={toEffect(rules, id)}
                options={effects}
                isDisabled={!mayOperate}
                onChange={(effect) => setRules(withEffect(rules, id, effect))}
              />
            </li>
          ))}
        </ul>
        <FormError error={save.error} />
        {changed.length > 0 ? (
          <FormActs
            act={text('admin.agents.access.save')}
            isPending={save.isPending}
            onCancel={() => setRules(agent.access.rules)}
          />
        ) : null}
      </form>
    </DrawerSection>
  )
}
