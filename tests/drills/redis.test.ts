import { testDrill } from './support/test-drill.ts'
import { toRedisScenarios } from './redis.ts'

testDrill(toRedisScenarios)
