import { buildHashingWorker, buildPgliteWorker } from './build-pglite-worker.ts'
import { SHARED_SERVER_VARIABLE } from './open-postgres.ts'
import { openPostgresServer } from './postgres-server.ts'

/** Once per test run: the threads are built and one PostgreSQL serves all test files. */
export default async function setUp(): Promise<() => Promise<void>> {
  await buildPgliteWorker()
  await buildHashingWorker()
  const server = await openPostgresServer()
  if (server !== null) process.env[SHARED_SERVER_VARIABLE] = server.url
  return async () => {
    await server?.close()
  }
}
