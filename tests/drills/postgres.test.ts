import { testDrill } from './support/test-drill.ts'
import { toPostgresScenarios } from './postgres.ts'

testDrill(toPostgresScenarios)
