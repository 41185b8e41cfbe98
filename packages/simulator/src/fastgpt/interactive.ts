import { findText, isJsonObject, type JsonObject, listObjects, toObject } from '../http/json-fields.ts'

/** The question a paused workflow asks. */
export function toInteractive(kind: 'select' | 'form'): JsonObject {
  if (kind === 'select') {
    const userSelectOptions = [
      { key: 'option0', value: 'Order status' },
      { key: 'option1', value: '退货申请' },
      { key: 'option2', value: 'Something else' },
    ]
    return {
      type: 'userSelect',
      params: { description: 'What is it about? 请选择：', userSelectOptions },
    }
  }
  const common = { value: '', required: true, maxLength: 100 }
  const inputForm = [
    {
      ...common,
      type: 'input',
      key: 'name',
      label: 'Name',
      valueType: 'string',
    },
    {
      ...common,
      type: 'numberInput',
      key: 'amount',
      label: '数量',
      valueType: 'number',
      min: 1,
      max: 9,
    },
    {
      ...common,
      type: 'select',
      key: 'size',
      label: 'Size',
      valueType: 'string',
      list: [
        { label: 'Small', value: 'small' },
        { label: 'Large', value: 'large' },
      ],
    },
  ]
  return {
    type: 'userInput',
    params: { description: 'Please fill in. 请填写：', inputForm },
  }
}

function parseForm(text: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return isJsonObject(parsed) ? parsed : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Whether a user message answers the question: the value of an option, or a JSON object with all required keys. */
export function isInteractiveAnswer(interactive: JsonObject, text: string): boolean {
  const params = toObject(interactive, 'params')
  if (interactive['type'] === 'userSelect') {
    return listObjects(params, 'userSelectOptions').some((option) => option['value'] === text)
  }
  const form = parseForm(text)
  if (form === null) return false
  return listObjects(params, 'inputForm').every((field) => {
    const value = form[findText(field, 'key') ?? '']
    return value !== undefined && value !== ''
  })
}
