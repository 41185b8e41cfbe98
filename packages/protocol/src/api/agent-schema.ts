import Type from 'typebox'

export const ProviderNameSchema = Type.Union([
  Type.Literal('openai'),
  Type.Literal('openai-responses'),
  Type.Literal('anthropic'),
  Type.Literal('fastgpt'),
  Type.Literal('dify'),
])
export type ProviderName = Type.Static<typeof ProviderNameSchema>

/** What any signed-in person may know of an agent: no endpoint, no key, no prompt. */
export const AgentSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    provider: ProviderNameSchema,
    isActive: Type.Boolean(),
    isDefault: Type.Boolean(),
    /** A labelled simulation that came with the product, not a real upstream. */
    isDemo: Type.Boolean(),
    suggestions: Type.Array(Type.String()),
    /** Whether pictures, and other files that are not text, may be sent to it. Text files may always. */
    takesImages: Type.Boolean(),
    takesFiles: Type.Boolean(),
    health: Type.Union([Type.Literal('ok'), Type.Literal('slow'), Type.Literal('down'), Type.Literal('unknown')]),
    firstContentMs: Type.Union([Type.Number(), Type.Null()]),
  },
  { $id: 'Agent' },
)
export type Agent = Type.Static<typeof AgentSchema>

export const AgentListSchema = Type.Object({ agents: Type.Array(AgentSchema) })

/** One entry of `config/agents.json`; `${NAME}` in a string is replaced from the environment. */
export const AgentImportSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' }),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    provider: ProviderNameSchema,
    baseUrl: Type.Optional(Type.String({ maxLength: 2000 })),
    apiKey: Type.Optional(Type.String({ maxLength: 4000 })),
    model: Type.Optional(Type.String({ maxLength: 200 })),
    appId: Type.Optional(Type.String({ maxLength: 200 })),
    systemPrompt: Type.Optional(Type.String({ maxLength: 100_000 })),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    isActive: Type.Optional(Type.Boolean()),
    isDefault: Type.Optional(Type.Boolean()),
    suggestions: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 6 })),
    /** Whether its model looks at pictures; default: false. */
    takesImages: Type.Optional(Type.Boolean()),
    /** Whether it reads files that are neither pictures nor text; default: false. */
    takesFiles: Type.Optional(Type.Boolean()),
    /** Asked in this order, before first content, when this agent cannot answer. */
    fallbackAgentIds: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' }), { maxItems: 5 }),
    ),
    /** Answers at once in one instance; further questions wait in a visible queue. Default: no limit. */
    maxConcurrent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** After so long without content a second request races the first. Stateless providers only. Default: never. */
    hedgeAfterMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 120_000 })),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
)
export type AgentImport = Type.Static<typeof AgentImportSchema>

export const AgentImportFileSchema = Type.Object(
  { agents: Type.Array(AgentImportSchema, { maxItems: 1000 }) },
  { additionalProperties: false },
)
export type AgentImportFile = Type.Static<typeof AgentImportFileSchema>
