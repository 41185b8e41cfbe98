import type { AdminAgent, AgentTest } from '@llmchat/protocol/api/admin-schema'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { toAdminCodeText } from '../admin-error-text.ts'
import { testAgent } from '../api/agents.ts'
import { DrawerSection } from '../ui/Drawer.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'

/** A short question to the real upstream, and what came of it. */
export function AgentTestSection({ agent }: { agent: AdminAgent }) {
  const text = useAdminText()
  const test = useAct({ run: () => testAgent(agent.id), done: null })
  const button = (
    <button
      type="button"
      className="btn"
      aria-disabled={test.isPending}
      onClick={() => (test.isPending ? undefined : test.mutate())}
    >
      <Icon name="bolt" isSmall />
      {text('admin.agents.test')}
    </button>
  )
  return (
    <DrawerSection title={text('admin.agents.test.title')} action={button}>
      <div role="status" aria-live="polite" aria-busy={test.isPending}>
        <TestOutcome isPending={test.isPending} result={test.data ?? null} />
      </div>
      <FormError error={test.error} />
    </DrawerSection>
  )
}

function TestOutcome({ isPending, result }: { isPending: boolean; result: AgentTest | null }) {
  const text = useAdminText()
  if (isPending) return <p className="admin-test">{text('admin.agents.test.running')}</p>
  if (result === null) return <p className="admin-test">{text('admin.agents.test.hint')}</p>
  if (result.isWorking) {
    const values = { first: result.firstContentMs ?? text('admin.none'), total: result.durationMs }
    return <p className="admin-test ok">{text('admin.agents.test.ok', values)}</p>
  }
  return (
    <div className="admin-test bad">
      <p>{text('admin.agents.test.failed', { total: result.durationMs })}</p>
      {result.errorCode === null ? null : (
        <p>
          {toAdminCodeText(text, result.errorCode)} <code>{result.errorCode}</code>
        </p>
      )}
      {result.message === null ? null : <p>{text('admin.agents.test.said', { message: result.message })}</p>}
    </div>
  )
}
