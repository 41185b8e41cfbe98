import Type from 'typebox'

/** One backend process, as an administrator sees it. */
export const InstanceSchema = Type.Object(
  {
    id: Type.String(),
    version: Type.String(),
    /** `draining`: it takes nothing new, and hands over what it runs. */
    state: Type.Union([Type.Literal('running'), Type.Literal('draining'), Type.Literal('dead')]),
    startedAt: Type.String({ format: 'date-time' }),
    /** The last beat, by the database's clock. */
    heartbeatAgeMs: Type.Integer(),
    runningGenerations: Type.Integer(),
    /** The one that answers this request. */
    isThis: Type.Boolean(),
  },
  { $id: 'Instance' },
)
export type Instance = Type.Static<typeof InstanceSchema>

export const InstanceListSchema = Type.Object({ instances: Type.Array(InstanceSchema) })
