import type { Clock } from './base/clock.ts'
import type { CreateId } from './base/ids.ts'
import type { Logger } from './base/logger.ts'
import type { Config } from './config/config.ts'
import type { Database } from './db/database.ts'
import type { Drain } from './create-drain.ts'
import type { GenerationRoom } from './generation/open-generation-room.ts'
import { buryOthers, createOwnerWatch, refuseCompany, type OwnerWatch } from './instances/create-owner-watch.ts'
import { openInstance, type Instance } from './instances/open-instance.ts'

interface MembershipDeps {
  database: Database
  clock: Clock
  createId: CreateId
  logger: Logger
  version: string
}

interface Obedient {
  generations: Pick<GenerationRoom, 'dropAll' | 'obeyStops'>
  drain: Pick<Drain, 'begin' | 'callOff'>
}

/** This process among the instances, and what it does with what its beats tell it. */
export interface Membership {
  instance: Instance
  /** Null: nobody else can be there. */
  watch: OwnerWatch | null
  watchEveryMs: number
  /** No Redis, so no other instance: whoever was here before is gone. */
  isAlone: boolean
  /** From now on the beats have something to act on. */
  begin(obedient: Obedient): Promise<void>
}

/** A beat that did not change for so long is a death. */
const deadAfterMs = 5_000
/** Death is noticed by up to one look late. */
const watchEveryMs = 250

export async function openMembership(
  config: Pick<Config, 'databaseUrl' | 'redisUrl' | 'heartbeatMs'>,
  deps: MembershipDeps,
): Promise<Membership> {
  const isAlone = config.redisUrl === null
  let obedient: Obedient | null = null
  const instance = await openInstance({
    ...deps,
    everyMs: config.heartbeatMs,
    deadAfterMs,
    onBeat(told) {
      if (!obedient) return
      const { generations, drain } = obedient
      if (told.isDraining) drain.begin({ isFinal: false }).catch(warn)
      else drain.callOff()
      generations.obeyStops().catch(warn)
    },
    onBeatFailed: () => watch?.reset(),
    onDeclaredDead: () => obedient?.generations.dropAll(),
  })
  const watchDeps = { ...deps, deadAfterMs, ownId: () => instance.id() }
  const watch = isAlone ? null : createOwnerWatch(watchDeps)
  if (config.databaseUrl === null) await buryOthers(deps, instance.id())
  else if (isAlone) await refuseCompany(watchDeps)

  function warn(error: unknown): void {
    deps.logger.warn({ err: error }, 'what the beat told could not be done')
  }

  return {
    instance,
    watch,
    watchEveryMs,
    isAlone,
    async begin(one) {
      obedient = one
    },
  }
}
