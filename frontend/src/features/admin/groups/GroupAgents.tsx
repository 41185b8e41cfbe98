import type { AdminAgent, Group } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { effects, toEffect, withEffect } from '../api/access-rules.ts'
import type { Effect } from '../api/access-rules.ts'
import { adminAgentsQuery, getAgent, replaceAccess } from '../api/agents.ts'
import { DrawerSection } from '../ui/Drawer.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { EffectSelect } from '../agents/EffectSelect.tsx'

/** What each agent says of this group. */
export function GroupAgents({ group }: { group: Group }) {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(adminAgentsQuery)
  return (
    <DrawerSection title={text('admin.groups.agents')}>
      <p>{text('admin.groups.agents.hint')}</p>
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} isSmall />}
      {data?.length === 0 ? <p>{text('admin.groups.agents.none')}</p> : null}
      {data === undefined ? null : <AccessForm group={group} agents={data} />}
    </DrawerSection>
  )
}

function AccessForm({ group, agents }: { group: Group; agents: readonly AdminAgent[] }) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const [chosen, setChosen] = useState<Readonly<Record<string, Effect>>>({})
  const changed = agents.filter(({ id, access }) => {
    const effect = chosen[id]
    return effect !== undefined && effect !== toEffect(access.rules, group.id)
  })
  const save = useAct({
    run: async () => {
      for (const { id } of changed) {
        // Read just before: the rules are written as a whole, and those of other groups must stay.
        const { access } = await getAgent(id)
        await replaceAccess(id, withEffect(access.rules, group.id, chosen[id] ?? 'none'))
      }
    },
    done: text('admin.groups.agents.saved', { name: group.name }),
    onDone: () => setChosen({}),
  })
  return (
    <form
      className="admin-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!save.isPending) save.mutate()
      }}
    >
      <ul className="admin-rows" aria-label={text('admin.groups.agents')}>
        {agents.map(({ id, name, access }) => (
          <li key={id}>
            <span>
              {name}
              <small>{id}</small>
            </span>
            <EffectSelect
              label={name}
              value={chosen[id] ?? toEffect(access.rules, group.id)}
              options={effects}
              isDisabled={!mayOperate}
              onChange={(effect) => setChosen({ ...chosen, [id]: effect })}
            />
          </li>
        ))}
      </ul>
      <FormError error={save.error} />
      {changed.length === 0 ? null : (
        <FormActs act={text('admin.groups.agents.save')} isPending={save.isPending} onCancel={() => setChosen({})} />
      )}
    </form>
  )
}
