import type { ProviderAbilities } from '../provider-adapter.ts'

/** Closing the connection stops it; after the finish reason come the figures and `[DONE]`. */
export const abilities: ProviderAbilities = { isStateful: false, needsStopRequest: false, readOnMs: 2000 }
