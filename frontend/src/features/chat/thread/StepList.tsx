import { memo } from 'react'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import type { IconName } from '../../../shared/ui/icon-paths.ts'
import { LiveMark } from './LiveMark.tsx'
import { Fold } from './ReasoningFold.tsx'
import { toSteps } from './to-steps.ts'
import type { Step } from './to-steps.ts'
import './answer-folds.css'

type StepPart = Extract<MessagePart, { type: 'step' | 'tool' }>

interface StepListProps {
  parts: readonly StepPart[]
  /** False once the answer has ended: then no step is running any more, whatever it last said. */
  isLive: boolean
}

/** What the agent did on its way: workflow steps and tools, one line each. */
export const StepList = memo(
  function StepList({ parts, isLive }: StepListProps) {
    const text = useText()
    const steps = toSteps(parts, isLive)
    const running = steps.find((step) => step.status === 'running')
    const totalMs = steps.reduce((sum, step) => sum + (step.durationMs ?? 0), 0)
    const title = running
      ? text('chat.steps.running', { name: running.name })
      : text('chat.steps.done', { count: steps.length })
    return (
      <Fold
        icon="workflow"
        title={title}
        fact={totalMs > 0 && !running ? toSeconds(totalMs) : null}
        isOpen={running !== undefined}
      >
        <ol className="steps">
          {steps.map((step) => (
            <li key={step.id}>
              <StepMark step={step} />
              <span>
                {step.name} {step.detail === null ? null : <small>{step.detail}</small>}
              </span>
              <span className="num">{step.durationMs === null ? '' : toSeconds(step.durationMs)}</span>
              {step.io === null ? null : (
                <pre className="io" tabIndex={0}>
                  {step.io}
                </pre>
              )}
            </li>
          ))}
        </ol>
      </Fold>
    )
  },
  (before, after) =>
    before.isLive === after.isLive &&
    before.parts.length === after.parts.length &&
    before.parts.every((part, index) => part === after.parts[index]),
)

function StepMark({ step }: { step: Step }) {
  const text = useText()
  const label = text(`chat.step.${step.status}`)
  return (
    <span className={`mark-${step.status}`} role="img" aria-label={label} title={label}>
      {step.status === 'running' ? <LiveMark /> : <Icon name={icons[step.status]} isSmall />}
    </span>
  )
}

const icons: Record<Exclude<Step['status'], 'running'>, IconName> = {
  done: 'check',
  failed: 'warning',
  stopped: 'stop',
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
