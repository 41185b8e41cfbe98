import type { Cluster } from '../support/cluster/open-cluster.ts'
import { listProcessTree } from '../support/process-tree.ts'
import { readCpuSeconds } from './processes.ts'

export interface ClusterCpu {
  instances: number
  redis: number
  postgres: number
  nginx: number
}

/** User and system CPU seconds so far of each part of the cluster. */
export function readClusterCpu(cluster: Cluster): ClusterCpu {
  const instances = cluster.instances.flatMap((instance) => listProcessTree(instance.pid()))
  return {
    instances: readCpuSeconds(instances),
    redis: readCpuSeconds(listProcessTree(cluster.redis.pid())),
    postgres: readCpuSeconds(listProcessTree(cluster.postgres.pid())),
    nginx: readCpuSeconds(listProcessTree(cluster.nginx.pid())),
  }
}
