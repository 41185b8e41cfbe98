import type { ProviderAbilities } from '../provider-adapter.ts'

/** The workflow goes on when we leave; after `[DONE]` come the node responses with the figures. */
export const abilities: ProviderAbilities = { isStateful: true, needsStopRequest: true, readOnMs: 3000 }
