import type { CounterBook, ProviderName } from '../counters.ts'
import type { Exchange } from '../http/exchange.ts'
import type { FileShelf } from '../http/file-shelf.ts'
import type { FaultGate } from '../plan/fault-gate.ts'
import type { TokenCache } from '../text/token-cache.ts'
import type { IdSource } from './id-source.ts'
import type { Ticker } from './ticker.ts'

/** What all simulated providers of one simulator share. */
export interface SimulatorContext {
  ticker: Ticker
  counters: CounterBook
  gate: FaultGate
  tokens: TokenCache
  ids: IdSource
  files: FileShelf
  defaultPlan: string
}

export interface SimulatedProvider {
  name: ProviderName
  /** Answers the request, whatever it is; an unknown path gets the provider's own 404. */
  handle(exchange: Exchange): void
  /** Forgets everything stored and ends what runs. */
  reset(): void
}
