import { createLogger } from '../../backend/src/base/logger.ts'

/** For tests that do not look at the logs. */
export const silentLogger = createLogger({ level: 'silent', instanceId: 'test' })
