import { cutText } from './cut-text.ts'

/** Response schemas are read leniently: a missing or odd field is empty, never an error. */
export type JsonRecord = Readonly<Record<string, unknown>>

const emptyRecord: JsonRecord = {}

/** Undefined when `text` is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The record, or an empty one. */
export function toRecord(value: unknown): JsonRecord {
  return isRecord(value) ? value : emptyRecord
}

/** The records of an array; empty for anything else. */
export function toRecords(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** The string, or ''. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The number when it is finite and not negative, else 0. */
export function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0
}

/** Any JSON value as readable text of at most `maxCharacters`; '' for null and undefined. */
export function toPreview(value: unknown, maxCharacters: number): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return cutText(text, maxCharacters)
}
