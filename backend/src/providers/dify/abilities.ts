import type { ProviderAbilities } from '../provider-adapter.ts'

/** The run goes on when we leave. `workflow_finished` may follow `message_end`; the connection may never close. */
export const abilities: ProviderAbilities = { isStateful: true, needsStopRequest: true, readOnMs: 1000 }
