import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'

/** Structured logs: constant lower-case text, data in fields; never prompts, answers, keys or cookies. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(fields: Record<string, unknown>): Logger
}

interface LoggerOptions {
  level: string
  instanceId: string
  destination?: DestinationStream
}

const secretPaths = ['authorization', 'cookie', 'apiKey', 'password', 'token', 'secret']

/** JSON lines on standard output, written synchronously: an asynchronous destination loses the last lines of a crash. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { service: 'llmchat', instanceId: options.instanceId },
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}
