export const PROVIDER_NAMES = ['openai', 'openai-responses', 'anthropic', 'fastgpt', 'dify'] as const

export type ProviderName = (typeof PROVIDER_NAMES)[number]

export interface ProviderCounters {
  /** Requests for an answer. */
  requests: number
  /** Answers being made now; a run that outlives its client counts until it ends. */
  inFlight: number
  maxInFlight: number
  /** Answers sent or stored to their end. */
  finished: number
  /** Clients that closed their connection before the end; where the run goes on, it is also counted where it ends. */
  abortedByClient: number
  /** Runs ended by the stop or cancel endpoint. */
  stopped: number
  /** Requests refused, or ended by a planned fault. */
  faulted: number
  /** Requests to all other endpoints of the provider. */
  otherRequests: number
}

export interface SimulatorCounters {
  total: ProviderCounters
  providers: Record<ProviderName, ProviderCounters>
}

/** The account of one answer: `end` closes it once, later calls do nothing. */
export interface RequestTicket {
  noteClientGone(): void
  end(how: 'finished' | 'stopped' | 'faulted' | 'aborted'): void
}

export interface CounterBook {
  open(provider: ProviderName): RequestTicket
  countOther(provider: ProviderName): void
  read(): SimulatorCounters
  /** Sets all to zero; answers still in flight are forgotten. */
  reset(): void
}

function createZeroCounters(): ProviderCounters {
  return {
    requests: 0,
    inFlight: 0,
    maxInFlight: 0,
    finished: 0,
    abortedByClient: 0,
    stopped: 0,
    faulted: 0,
    otherRequests: 0,
  }
}

function createZeroBook(): SimulatorCounters {
  return {
    total: createZeroCounters(),
    providers: {
      openai: createZeroCounters(),
      'openai-responses': createZeroCounters(),
      anthropic: createZeroCounters(),
      fastgpt: createZeroCounters(),
      dify: createZeroCounters(),
    },
  }
}

export function createCounterBook(): CounterBook {
  let book = createZeroBook()

  return {
    open(provider) {
      const rows = [book.total, book.providers[provider]]
      let isOpen = true
      let isClientGone = false
      const noteClientGone = (): void => {
        if (isClientGone) return
        isClientGone = true
        for (const row of rows) row.abortedByClient += 1
      }
      for (const row of rows) {
        row.requests += 1
        row.inFlight += 1
        row.maxInFlight = Math.max(row.maxInFlight, row.inFlight)
      }
      return {
        noteClientGone,
        end(how) {
          if (!isOpen) return
          isOpen = false
          for (const row of rows) {
            row.inFlight -= 1
            if (how !== 'aborted') row[how] += 1
          }
          if (how === 'aborted') noteClientGone()
        },
      }
    },
    countOther(provider) {
      book.total.otherRequests += 1
      book.providers[provider].otherRequests += 1
    },
    read: () => structuredClone(book),
    reset() {
      book = createZeroBook()
    },
  }
}
