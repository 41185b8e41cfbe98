import Type from 'typebox'
import { TimestampSchema, toNullable } from './common-schema.ts'

/**
 * Whom a quota counts: `everyone` and `group-member` give each person a count of their own, `user` one person; a `group`
 * and an `agent` have one count that all share.
 */
export const QuotaScopeSchema = Type.Union([
  Type.Literal('everyone'),
  Type.Literal('user'),
  Type.Literal('group'),
  Type.Literal('group-member'),
  Type.Literal('agent'),
])
export type QuotaScope = Type.Static<typeof QuotaScopeSchema>

/** `money`: in millionths of the installation's currency. `running`: answers that are being made at the same time. */
export const QuotaMeasureSchema = Type.Union([
  Type.Literal('messages'),
  Type.Literal('tokens'),
  Type.Literal('money'),
  Type.Literal('running'),
])
export type QuotaMeasure = Type.Static<typeof QuotaMeasureSchema>

/** Calendar days and months of the installation's time zone. `now`: of `running`, and of nothing else. */
export const QuotaPeriodSchema = Type.Union([Type.Literal('day'), Type.Literal('month'), Type.Literal('now')])
export type QuotaPeriod = Type.Static<typeof QuotaPeriodSchema>

/** So that no sum of two of them leaves the whole numbers of JavaScript. */
const maxAmount = 4_000_000_000_000_000
const AmountSchema = Type.Integer({ minimum: 0, maximum: maxAmount })
const SoftLimitSchema = toNullable(AmountSchema)

const what = { scope: QuotaScopeSchema, measure: QuotaMeasureSchema, period: QuotaPeriodSchema }

/** How much of a quota is used, as the person is told whom it limits. */
export const QuotaUseSchema = Type.Object(
  {
    ...what,
    /** Of the group or the agent; null where the quota is about one person. */
    name: toNullable(Type.String()),
    /** From here on the sender is warned; null: never. */
    softLimit: SoftLimitSchema,
    hardLimit: AmountSchema,
    /** With what the answers that still run have reserved. */
    used: AmountSchema,
    /** When the count begins anew; null for `running`. */
    renewsAt: toNullable(TimestampSchema),
    /** ISO 4217, of `money`; else null. */
    currency: toNullable(Type.String()),
  },
  { $id: 'QuotaUse' },
)
export type QuotaUse = Type.Static<typeof QuotaUseSchema>

const place = {
  /** ISO 4217. */
  currency: Type.String(),
  /** IANA name; days and months begin by it. */
  timeZone: Type.String(),
}

export const MyQuotasSchema = Type.Object({ ...place, quotas: Type.Array(QuotaUseSchema) })
export type MyQuotas = Type.Static<typeof MyQuotasSchema>

export const QuotaSchema = Type.Object(
  {
    id: Type.String(),
    ...what,
    /** The person, group or agent; null for `everyone`. */
    subjectId: toNullable(Type.String()),
    subjectName: toNullable(Type.String()),
    softLimit: SoftLimitSchema,
    hardLimit: AmountSchema,
    /** Of the present day, month or moment. Where everybody has a count of their own: the highest. */
    used: AmountSchema,
    createdAt: TimestampSchema,
    updatedAt: TimestampSchema,
  },
  { $id: 'Quota' },
)
export type Quota = Type.Static<typeof QuotaSchema>
export const QuotaListSchema = Type.Object({ ...place, quotas: Type.Array(QuotaSchema) })
export type QuotaList = Type.Static<typeof QuotaListSchema>

/** `subjectId`: a person's, group's or agent's id; left out for `everyone`. `period` must be `now` for `running` only. */
export const CreateQuotaRequestSchema = Type.Object(
  {
    ...what,
    subjectId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    softLimit: Type.Optional(SoftLimitSchema),
    hardLimit: AmountSchema,
  },
  { additionalProperties: false },
)
export type CreateQuotaRequest = Type.Static<typeof CreateQuotaRequestSchema>

/** Both limits as they shall be; what was used stays used. */
export const QuotaLimitsSchema = Type.Object(
  { softLimit: SoftLimitSchema, hardLimit: AmountSchema },
  { additionalProperties: false },
)
export type QuotaLimits = Type.Static<typeof QuotaLimitsSchema>

/** What a million tokens cost, in millionths of the currency. */
const PriceSchema = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
export const AgentPriceSchema = Type.Object(
  { inputMicros: PriceSchema, outputMicros: PriceSchema },
  { additionalProperties: false },
)
export type AgentPrice = Type.Static<typeof AgentPriceSchema>
/** Agents without a price cost nothing and are missing. */
export const AgentPriceListSchema = Type.Object({
  ...place,
  prices: Type.Array(Type.Object({ agentId: Type.String(), ...AgentPriceSchema.properties })),
})
export type AgentPriceList = Type.Static<typeof AgentPriceListSchema>

/** Answers that ended from `from` on and before `until`, summed up per `by`. `group`: by who is a member now. */
export const UsageQuerySchema = Type.Object(
  {
    by: Type.Union([Type.Literal('user'), Type.Literal('agent'), Type.Literal('group'), Type.Literal('day')]),
    from: TimestampSchema,
    until: TimestampSchema,
    userId: Type.Optional(Type.String({ maxLength: 64 })),
    agentId: Type.Optional(Type.String({ maxLength: 64 })),
    groupId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
)
export type UsageQuery = Type.Static<typeof UsageQuerySchema>

export const UsageReportSchema = Type.Object({
  ...place,
  /** The highest use of tokens first, days in their order; at most 500. */
  rows: Type.Array(
    Type.Object({
      /** Id, or the day as YYYY-MM-DD. */
      key: Type.String(),
      /** Null for days, and where only the id is left. */
      name: toNullable(Type.String()),
      messages: Type.Integer(),
      inputTokens: Type.Integer(),
      outputTokens: Type.Integer(),
      costMicros: Type.Integer(),
    }),
  ),
})
export type UsageReport = Type.Static<typeof UsageReportSchema>
