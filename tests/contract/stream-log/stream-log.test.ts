import { systemClock } from '../../../backend/src/base/clock.ts'
import { openMemoryStreamLog } from '../../../backend/src/stream-log/memory-stream-log.ts'
import { describeStreamLog } from './stream-log-suite.ts'

describeStreamLog('memory', () => Promise.resolve(openMemoryStreamLog({ clock: systemClock })))
