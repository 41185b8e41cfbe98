import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { Follower, type FollowerDeps, type FollowRequest, type FollowViewer } from './follower.ts'
import type { GenerationRow } from './generation-repository.ts'

interface FollowersDeps extends Omit<FollowerDeps, 'monotonicMs'> {
  clock: Clock
  logger: Logger
  findGeneration: (userId: string, generationId: string) => Promise<GenerationRow | null>
  /** Of whoever they are: the followers were let in by their own user. */
  listGenerations: (generationIds: readonly string[]) => Promise<GenerationRow[]>
}

export interface Followers {
  /**
   * The one way to watch an answer: replay, then live. The returned function ends it. Errors: `generation_not_found`,
   * `database_unavailable` when neither the log nor the row can be read.
   */
  follow(request: FollowRequest, viewer: FollowViewer): Promise<() => void>
  /** Cuts off whoever still watches. */
  close(): void
}

const everyMs = 1_000
/** A log that says nothing for so long may never say anything again: the row is asked whether it ended. */
const silentMs = 5_000
/** The end of an answer is in its row a moment before it is in its log. */
const endReachesLogMs = 3_000

/** All viewers of this instance, and the one timer that looks after those whom the log does not serve. */
export function openFollowers(deps: FollowersDeps): Followers {
  const followerDeps = { ...deps, monotonicMs: () => deps.clock.monotonicMs() }
  const followers = new Set<Follower>()
  let isClosed = false
  let cancel = schedule()

  function schedule(): () => void {
    return deps.clock.setTimer(everyMs, () => {
      tend()
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'viewers wait for the database'))
        .finally(() => {
          if (!isClosed) cancel = schedule()
        })
    })
  }

  async function tend(): Promise<void> {
    const isAway = deps.streamLog.isAway()
    const needy: Follower[] = []
    for (const one of followers) {
      if (one.isOver) followers.delete(one)
      // Its owner is here and ends it; what the owner has is the log.
      else if (one.isOnLog && deps.isLocal(one.request.generationId)) continue
      else if (isAway || !one.isOnLog || one.silentMs >= silentMs) needy.push(one)
    }
    if (needy.length > 0) await serve(needy, isAway)
  }

  async function serve(needy: readonly Follower[], isAway: boolean): Promise<void> {
    for (const one of needy) {
      if (isAway) one.leaveLog()
      else if (!one.isOnLog) await one.followLog()
    }
    const ids = new Set(needy.filter((one) => !one.isOver).map((one) => one.request.generationId))
    const rows = new Map((await deps.listGenerations([...ids])).map((row) => [row.id, row]))
    for (const one of needy) {
      const row = rows.get(one.request.generationId)
      // No row: deleted meanwhile, with its chat.
      if (!row) one.end()
      else if (!one.isOnLog || (row.finishedAgeMs ?? 0) > endReachesLogMs) await one.followRow(row)
    }
  }

  return {
    async follow(request, viewer) {
      const one = new Follower(followerDeps, request, viewer)
      if (!(await one.followLog())) {
        const row = await deps.findGeneration(request.userId, request.generationId)
        if (!row) throw new AppError('generation_not_found')
        await one.followRow(row)
      }
      followers.add(one)
      return () => {
        one.stop()
        followers.delete(one)
      }
    },
    close() {
      isClosed = true
      cancel()
      for (const one of followers) one.cut()
    },
  }
}
