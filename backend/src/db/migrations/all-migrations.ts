import { initial } from './0001-initial.ts'
import { agentResilience } from './0004-agent-resilience.ts'
import { ownerLoss } from './0006-owner-loss.ts'
import type { Migration } from './migration.ts'

/** In the order of application; new ones go to the end. */
export const allMigrations: readonly Migration[] = [initial, agentResilience, ownerLoss]
