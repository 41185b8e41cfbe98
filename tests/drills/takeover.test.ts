import { testDrill } from './support/test-drill.ts'
import { toTakeoverScenarios } from './takeover.ts'

testDrill(toTakeoverScenarios)
