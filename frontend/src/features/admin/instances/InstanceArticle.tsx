import type { Instance } from '@llmchat/protocol/api/instance-schema'
import { setDraining } from '../api/instances.ts'
import { FormError } from '../ui/FormError.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'

interface InstanceArticleProps {
  instance: Instance
  /** No other one is running: drained, it could not even be asked to go on. */
  isOnly: boolean
  onDrain: () => void
}

const badges = { running: 'badge ok', draining: 'badge live', dead: 'badge bad' } as const

/** One process: what it runs, whether it beats, and its drain. */
export function InstanceArticle({ instance, isOnly, onDrain }: InstanceArticleProps) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const { id, version, state, isThis, runningGenerations, heartbeatAgeMs, startedAt } = instance
  const resume = useAct({
    run: () => setDraining(id, false),
    done: text('admin.instances.resume.done', { id }),
  })
  return (
    <article className="admin-instance" aria-label={id}>
      <h3>
        <StateMark state={state} />
        <span>{id}</span>
        <code>{version}</code>
        <span className={badges[state]}>{text(`admin.instances.state.${state}`)}</span>
        {isThis ? <span className="badge">{text('admin.instances.this')}</span> : null}
      </h3>
      {mayOperate && state === 'running' ? (
        <button
          type="button"
          className="btn"
          aria-label={text('admin.instances.drainNamed', { id })}
          aria-describedby={isOnly ? `${id}-only` : undefined}
          disabled={isOnly}
          onClick={onDrain}
        >
          {text('admin.instances.drain')}
        </button>
      ) : null}
      {mayOperate && state === 'draining' ? (
        <button
          type="button"
          className="btn"
          aria-label={text('admin.instances.resumeNamed', { id })}
          aria-disabled={resume.isPending}
          onClick={() => (resume.isPending ? undefined : resume.mutate())}
        >
          {text('admin.instances.resume')}
        </button>
      ) : null}
      <FormError error={resume.error} />
      {mayOperate && state === 'running' && isOnly ? (
        <p id={`${id}-only`}>{text('admin.instances.drain.only')}</p>
      ) : null}
      {state === 'draining' ? <p>{text('admin.instances.draining.text', { count: runningGenerations })}</p> : null}
      <dl>
        <div>
          <dt>{text('admin.instances.running')}</dt>
          <dd>{runningGenerations}</dd>
        </div>
        <div>
          <dt>{text('admin.instances.beat')}</dt>
          <dd>{text('admin.instances.beat.ago', { seconds: (heartbeatAgeMs / 1000).toFixed(1) })}</dd>
        </div>
        <div>
          <dt>{text('admin.instances.started')}</dt>
          <dd>
            <Moment iso={startedAt} />
          </dd>
        </div>
      </dl>
    </article>
  )
}

/** Decoration: the word stands beside it. */
function StateMark({ state }: { state: Instance['state'] }) {
  if (state === 'draining') {
    return (
      <span className="live-mark" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    )
  }
  return <i className={state === 'running' ? 'dot' : 'dot bad'} aria-hidden="true" />
}
