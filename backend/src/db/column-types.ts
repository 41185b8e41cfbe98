import type { ColumnType } from 'kysely'

/** Read as Date, written as Date or ISO text. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>
export type NullableNumber = ColumnType<number | null, number | null | undefined, number | null>
export type NullableText = ColumnType<string | null, string | null | undefined, string | null>
export type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
export type DefaultTimestamp = ColumnType<Date, Date | string | undefined, Date | string>
/** Read parsed, written as JSON text. */
export type Json<T> = ColumnType<T, string | undefined, string>
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>
