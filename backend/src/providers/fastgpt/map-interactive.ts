import type { InputField, InputRequest } from '@llmchat/protocol/chat-event'
import { isRecord, type JsonRecord, toCount, toRecord, toRecords, toText } from '../lenient-json.ts'

const fieldTypes: Readonly<Record<string, InputField['type']>> = {
  textarea: 'paragraph',
  JSONEditor: 'paragraph',
  numberInput: 'number',
  select: 'select',
  multipleSelect: 'select',
  switch: 'checkbox',
}

/** Options are `{label,value}` records, or plain strings. */
function toOptionText(option: unknown): string {
  return typeof option === 'string' ? option : toText(toRecord(option)['value'])
}

function toField(input: JsonRecord): InputField {
  const key = toText(input['key'])
  const options = (Array.isArray(input['list']) ? input['list'] : []).map(toOptionText).filter((text) => text !== '')
  const value = input['value'] ?? input['defaultValue']
  const maxLength = toCount(input['maxLength'])
  return {
    key,
    label: toText(input['label']) || key,
    type: fieldTypes[toText(input['type'])] ?? 'text',
    isRequired: input['required'] === true,
    ...(options.length > 0 ? { options } : {}),
    ...(typeof value === 'string' || typeof value === 'number' ? { defaultValue: String(value) } : {}),
    ...(maxLength > 0 ? { maxLength } : {}),
  }
}

/** The reply is the option's value, so that is its key. */
function toSelect(title: string, values: readonly string[]): InputRequest {
  return { kind: 'select', title, options: values.map((value) => ({ key: value, label: value })), fields: [] }
}

function mapOne(type: string, params: JsonRecord): InputRequest | null {
  const title = toText(params['description'])
  switch (type) {
    case 'userSelect':
    case 'agentPlanAskUserSelect': {
      const values = toRecords(params['userSelectOptions']).map((option) => toText(option['value']))
      return toSelect(title, values)
    }
    case 'userInput':
    case 'agentPlanAskUserForm':
      return { kind: 'form', title, options: [], fields: toRecords(params['inputForm']).map(toField) }
    case 'agentPlanCheck':
      return toSelect(title, ['CONFIRM'])
    default:
      return null
  }
}

/**
 * What a paused workflow waits for. Sub-workflows, tools and loops wrap it in interactions of their own, each build a
 * little differently, so the first known one inside counts. Null when nothing known is asked.
 */
export function mapInteractive(interactive: unknown, depth = 0): InputRequest | null {
  if (!isRecord(interactive) || depth > 10) return null
  const params = toRecord(interactive['params'])
  const found = mapOne(toText(interactive['type']), params)
  if (found) return found
  for (const value of [...Object.values(params), ...Object.values(interactive)]) {
    const inner = mapInteractive(value, depth + 1)
    if (inner) return inner
  }
  return null
}
