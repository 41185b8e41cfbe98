import { openApp } from './app.ts'
import { limitHeapGrowth } from './base/limit-heap-growth.ts'
import { createCommandRunner } from './cli/commands.ts'
import type { Config } from './config/config.ts'
import { lockDataDir } from './data-dir/lock-data-dir.ts'

/** Runs the server until it is told to end; resolves with the exit code. */
export async function runServer(config: Config): Promise<number> {
  // Beside a database in the same process memory is what is scarce.
  limitHeapGrowth(config.databaseUrl === null ? 30 : 200)
  const stopped = waitForSignal()
  const lock = config.databaseUrl === null ? lockDataDir(config.dataDir) : null
  const app = await openApp({ config, lock, createCommandRunner })
  announce(app.url, app.setUpUrl)
  await stopped
  // Unreferenced: a clean end does not wait for it. What hangs on the way out, be it a forgotten handle, ends here.
  setTimeout(endByForce, config.drain.forceMs).unref()
  await app.close()
  return 0
}

function endByForce(): void {
  process.stderr.write('\n  Ended by force: something did not let go in time (DRAIN_FORCE_MS).\n')
  process.exit(1)
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => {
      process.stderr.write('\n  Ending: answers that run are given their time. Ctrl+C again ends at once.\n')
      resolve()
    })
  })
}

/** For the person at the terminal; the logs are for machines. */
function announce(url: string, setUpUrl: string | null): void {
  const lines = [`LLMChat runs at ${url}`]
  if (setUpUrl) lines.push(`Make the first administrator here (the link works once): ${setUpUrl}`)
  else {
    lines.push('Sign in there with your e-mail and password.')
    lines.push('One more administrator: npm run llmchat -- create-admin --email E --password P')
  }
  process.stderr.write(`\n  ${lines.join('\n  ')}\n\n`)
}
