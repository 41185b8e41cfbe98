import { useId } from 'react'
import type { SubmitEvent } from 'react'
import type { InputField, InputRequest } from '@llmchat/protocol/chat-event'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { canSkip, findReplyPairs, toFormReply } from './reply-text.ts'
import './input-request-form.css'

interface InputRequestFormProps {
  request: InputRequest
  /** The message that followed; null while the agent still waits for it. */
  reply: string | null
  /** The reply becomes the next user message. Null: not now, an answer is being written. */
  onReply: ((text: string) => void) | null
}

/** The one card inside an answer: what the agent asks for. After it was answered, one line of what was chosen. */
export function InputRequestForm({ request, reply, onReply }: InputRequestFormProps) {
  return reply === null ? (
    <OpenForm request={request} onReply={onReply} />
  ) : (
    <FoldedForm request={request} reply={reply} />
  )
}

function FoldedForm({ request, reply }: { request: InputRequest; reply: string }) {
  const text = useText()
  const pairs = findReplyPairs(request, reply)
  return (
    <p className="node-done">
      <Icon name={pairs ? 'check' : 'form'} isSmall />
      <b>{request.title}</b>
      <span>
        {pairs
          ? pairs.map(({ label, value }) => (label === request.title ? value : `${label} ${value}`)).join(' · ')
          : text('chat.form.skipped')}
      </span>
    </p>
  )
}

function OpenForm({ request, onReply }: Omit<InputRequestFormProps, 'reply'>) {
  const text = useText()
  const headingId = useId()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const choice = data.get('choice')
    if (request.kind === 'form') onReply?.(toFormReply(request, data))
    else if (typeof choice === 'string') onReply?.(choice)
  }
  return (
    <form className="node" aria-labelledby={headingId} onSubmit={submit}>
      <header>
        <Icon name="form" />
        <span id={headingId}>{request.title}</span>
        <span className="badge live">{text('chat.form.badge')}</span>
      </header>
      <fieldset>
        <legend className="sr">{request.title}</legend>
        {request.kind === 'select' ? (
          <div className="opts">
            {request.options.map((option) => (
              <label key={option.key}>
                <input type="radio" name="choice" value={option.key} required />
                <span>{option.label}</span>
              </label>
            ))}
          </div>
        ) : (
          <div className="two">
            {request.fields.map((field) => (
              <FormField key={field.key} field={field} />
            ))}
          </div>
        )}
      </fieldset>
      <footer>
        <small>{text('chat.form.note')}</small>
        {canSkip(request) ? (
          <button
            type="button"
            className="btn quiet"
            disabled={onReply === null}
            onClick={() => onReply?.(toFormReply(request, new FormData()))}
          >
            {text('chat.form.skip')}
          </button>
        ) : null}
        <button type="submit" className="btn primary" disabled={onReply === null}>
          {text('chat.form.submit')}
        </button>
      </footer>
    </form>
  )
}

function FormField({ field }: { field: InputField }) {
  if (field.type === 'checkbox') {
    return (
      <label className="check">
        <input type="checkbox" name={field.key} defaultChecked={field.defaultValue === 'true'} />
        <span>{field.label}</span>
      </label>
    )
  }
  return (
    <label className={field.type === 'paragraph' ? 'field wide' : 'field'}>
      <span>
        {field.label}
        {field.isRequired ? <RequiredMark /> : null}
      </span>
      <FieldInput field={field} />
    </label>
  )
}

function RequiredMark() {
  const text = useText()
  return <small> · {text('chat.form.required')}</small>
}

function FieldInput({ field }: { field: InputField }) {
  const text = useText()
  const shared = {
    className: 'input',
    name: field.key,
    required: field.isRequired,
    defaultValue: field.defaultValue ?? '',
  }
  if (field.type === 'select') {
    return (
      <select {...shared}>
        <option value="">{text('chat.form.choose')}</option>
        {(field.options ?? []).map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    )
  }
  const limit = field.maxLength === undefined ? {} : { maxLength: field.maxLength }
  if (field.type === 'paragraph') return <textarea {...shared} {...limit} rows={3} />
  return (
    <input {...shared} {...limit} type={field.type === 'number' ? 'number' : 'text'} step="any" autoComplete="off" />
  )
}
