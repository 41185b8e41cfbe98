import { runCli } from './cli/run-cli.ts'
import { readEnvironment } from './config/env.ts'

// The exit code is left to the end of the event loop: `process.exit` would cut off what is still being written.
process.exitCode = await runCli(
  {
    environment: readEnvironment(),
    nodeVersion: process.version,
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    // Only `serve` needs all of the server.
    async runServer(config) {
      const { runServer } = await import('./main.ts')
      return runServer(config)
    },
  },
  process.argv.slice(2),
)
