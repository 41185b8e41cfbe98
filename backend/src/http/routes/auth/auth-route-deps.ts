import type { Config } from '../../../config/config.ts'
import type { UsersDoor } from '../../../users/create-users-door.ts'

export interface AuthRouteDeps {
  config: Pick<Config, 'loginAttemptsPerMinute'>
  users: UsersDoor
  /** Scheme, host and port people use; null: nobody said. */
  publicOrigin: string | null
  version: string
}
