import { createLogger, type Logger } from '../../backend/src/base/logger.ts'

export type LogLine = Record<string, unknown>

export interface CollectedLog {
  logger: Logger
  lines: LogLine[]
  /** The first line, past or to come, that `isWanted`. */
  waitFor(isWanted: (line: LogLine) => boolean): Promise<LogLine>
}

/** A real logger whose lines a test reads. */
export function collectLog(): CollectedLog {
  const lines: LogLine[] = []
  const waiters = new Set<(line: LogLine) => void>()
  const destination = {
    write(text: string) {
      const line = JSON.parse(text) as LogLine
      lines.push(line)
      for (const waiter of waiters) waiter(line)
    },
  }
  return {
    logger: createLogger({ level: 'debug', instanceId: 'test', destination }),
    lines,
    waitFor(isWanted) {
      const past = lines.find(isWanted)
      if (past) return Promise.resolve(past)
      return new Promise((resolve) => {
        const waiter = (line: LogLine) => {
          if (!isWanted(line)) return
          waiters.delete(waiter)
          resolve(line)
        }
        waiters.add(waiter)
      })
    },
  }
}
