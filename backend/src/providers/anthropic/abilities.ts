import type { ProviderAbilities } from '../provider-adapter.ts'

/** Closing the connection stops it; nothing follows `message_stop`. */
export const abilities: ProviderAbilities = { isStateful: false, needsStopRequest: false, readOnMs: 0 }
