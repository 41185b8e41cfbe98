import type { InputField, InputRequest } from '@llmchat/protocol/chat-event'
import { type JsonRecord, toCount, toPreview, toRecord, toRecords, toText } from '../lenient-json.ts'

const fieldTypes: Readonly<Record<string, InputField['type']>> = {
  paragraph: 'paragraph',
  number: 'number',
  select: 'select',
  checkbox: 'checkbox',
}

function toField(input: JsonRecord): InputField {
  const key = toText(input['output_variable_name']) || toText(input['variable'])
  const options = Array.isArray(input['options']) ? input['options'].filter((one) => typeof one === 'string') : []
  const defaultValue = toPreview(toRecord(input['default'])['value'] ?? input['default_value'], 500)
  const maxLength = toCount(input['max_length'])
  return {
    key,
    label: toText(input['label']) || key,
    type: fieldTypes[toText(input['type'])] ?? 'text',
    isRequired: input['required'] === true,
    ...(options.length > 0 ? { options } : {}),
    ...(defaultValue === '' ? {} : { defaultValue }),
    ...(maxLength > 0 ? { maxLength } : {}),
  }
}

/** `human_input_required`, or one of the reasons of `workflow_paused`. Without fields it is a choice of actions. */
export function mapHumanInput(data: JsonRecord): InputRequest {
  const fields = toRecords(data['inputs']).map(toField)
  const options = toRecords(data['actions']).map((action) => {
    const key = toText(action['id'])
    return { key, label: toText(action['title']) || key }
  })
  const title = toText(data['form_content']) || toText(data['node_title']) || 'The workflow waits for your input.'
  return { kind: fields.length > 0 ? 'form' : 'select', title, options, fields }
}
