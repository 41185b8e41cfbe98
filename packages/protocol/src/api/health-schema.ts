import Type from 'typebox'

/** What anybody may know. `degraded`: it serves, but not all is well. */
export const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down')]),
  version: Type.String(),
})
export type Health = Type.Static<typeof HealthSchema>

/** One question and its answer. `durationMs`: how long asking took. */
export const HealthCheckSchema = Type.Object({
  name: Type.String(),
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down')]),
  durationMs: Type.Number(),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
export type HealthCheck = Type.Static<typeof HealthCheckSchema>

export const ReadinessSchema = Type.Object({
  isReady: Type.Boolean(),
  /** It serves, but Redis is away: streams are carried by their owners, limits hold per instance. */
  isDegraded: Type.Boolean(),
  checks: Type.Object({ database: Type.Boolean(), migrations: Type.Boolean(), draining: Type.Boolean() }),
})
export type Readiness = Type.Static<typeof ReadinessSchema>

/** `checks` and `process` only for admins and operators. */
export const DetailedHealthSchema = Type.Object({
  status: HealthSchema.properties.status,
  version: Type.String(),
  checks: Type.Optional(Type.Array(HealthCheckSchema)),
  process: Type.Optional(
    Type.Object({
      instanceId: Type.String(),
      uptimeMs: Type.Number(),
      residentBytes: Type.Integer(),
    }),
  ),
})
export type DetailedHealth = Type.Static<typeof DetailedHealthSchema>
