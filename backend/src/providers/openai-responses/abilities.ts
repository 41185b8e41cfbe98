import type { ProviderAbilities } from '../provider-adapter.ts'

/** A run in background mode goes on without us and must be cancelled; the others end with their connection. */
export const abilities: ProviderAbilities = { isStateful: false, needsStopRequest: true, readOnMs: 0 }
