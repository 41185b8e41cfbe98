import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNginx, type NginxServer } from '../nginx-server.ts'
import { openPostgresServer, type PostgresServer } from '../postgres-server.ts'
import { openRedisServer, type RedisServer } from '../redis-server.ts'
import { createServerProcess, type ServerProcess } from '../server-process.ts'
import { findFreePort, seedServer } from '../start-server.ts'
import { openTcpProxy, type TcpProxy } from '../tcp-proxy.ts'

/** One of the cluster's instances, and its own wires to the stores where the cluster was opened with `hasWires`. */
export interface ClusterInstance extends ServerProcess {
  redisWire: TcpProxy | null
  postgresWire: TcpProxy | null
  /** What it wrote, over all its starts. */
  logFile: string
}

export interface Cluster {
  /** Through nginx, without TLS. */
  url: string
  /** Through nginx, with TLS and HTTP/2. */
  tlsUrl: string
  instances: readonly ClusterInstance[]
  nginx: NginxServer
  postgres: PostgresServer
  redis: RedisServer
  /** Of the database that the instances use. */
  databaseUrl: string
  /** Of the administrator (`adminEmail`, `adminPassword` of start-server.ts). */
  apiKey: string
  /** Ends every process and removes every folder. */
  close(): Promise<void>
}

export interface ClusterOptions {
  instances: number
  /** Settings of every instance. */
  env?: Record<string, string>
  /** Entries of an agents file. */
  agents?: readonly object[]
  /** Each instance reaches Redis and PostgreSQL by a wire of its own, which can be cut. */
  hasWires?: boolean
  nginxWorkers?: number
}

/** PostgreSQL, Redis, instances of the built server and nginx in front of them, all on this machine and on free ports. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne()
  }
  try {
    return { ...(await openParts(options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openParts(options: ClusterOptions, closers: (() => Promise<void>)[]): Promise<Omit<Cluster, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-cluster-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const postgres = await openPostgresServer({ isDurable: true, sharedBuffers: '256MB' })
  if (!postgres) throw new Error('no PostgreSQL under /usr/lib/postgresql')
  closers.push(() => postgres.close())
  const redis = await openRedisServer()
  closers.push(() => redis.close())
  const stores = { postgres, redis, secretKey: randomBytes(48).toString('base64') }
  const instances: ClusterInstance[] = []
  for (let index = 0; index < options.instances; index += 1) {
    const instance = await createInstance(stores, options, join(folder, `instance-${index + 1}`), closers)
    instances.push(instance)
  }
  const [first] = instances
  if (!first) throw new Error('a cluster has at least one instance')
  await first.cli('migrate')
  const apiKey = await seedServer(first, options.agents ?? [], folder)
  closers.push(async () => {
    await Promise.all(instances.map(endInstance))
  })
  await Promise.all(instances.map((instance) => instance.start()))
  const addresses = instances.map(({ port }) => `127.0.0.1:${port}`)
  const nginx = await openNginx({
    instances: addresses,
    ...(options.nginxWorkers === undefined ? {} : { workers: options.nginxWorkers }),
  })
  closers.push(() => nginx.close())
  const { url, tlsUrl } = nginx
  return { url, tlsUrl, instances, nginx, postgres, redis, databaseUrl: postgres.url, apiKey }
}

interface Stores {
  postgres: PostgresServer
  redis: RedisServer
  secretKey: string
}

async function createInstance(
  { postgres, redis, secretKey }: Stores,
  options: ClusterOptions,
  dataDir: string,
  closers: (() => Promise<void>)[],
): Promise<ClusterInstance> {
  const redisWire = options.hasWires === true ? await openTcpProxy(redis) : null
  const postgresWire = options.hasWires === true ? await openTcpProxy(postgres) : null
  for (const wire of [redisWire, postgresWire]) if (wire) closers.push(() => wire.close())
  const server = createServerProcess({
    port: await findFreePort(),
    logFile: `${dataDir}.log`,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      DATABASE_URL: withPort(postgres.url, postgresWire?.port),
      REDIS_URL: withPort(redis.url, redisWire?.port),
      SECRET_KEY: secretKey,
      // nginx and the instances speak plain HTTP to each other, and so do the drills to nginx.
      ALLOW_INSECURE_HTTP: '1',
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'error',
      DEMO_AGENTS: '0',
      ...options.env,
    },
  })
  return { ...server, redisWire, postgresWire, logFile: `${dataDir}.log` }
}

function withPort(url: string, port: number | undefined): string {
  const changed = new URL(url)
  if (port !== undefined) changed.port = String(port)
  return changed.href
}

/** Whatever state a drill left it in: a stopped process takes no signal but these two. */
async function endInstance(instance: ClusterInstance): Promise<void> {
  instance.resume()
  await instance.kill('SIGKILL')
}
