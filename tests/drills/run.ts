import { postgresCommand } from './postgres.ts'
import { redisCommand } from './redis.ts'
import { takeoverCommand } from './takeover.ts'

/** `node … <drill> [options]` */
const commands: Record<string, () => Promise<void>> = {
  takeover: takeoverCommand,
  redis: redisCommand,
  postgres: postgresCommand,
}

const [name = ''] = process.argv.splice(2, 1)
const command = commands[name]
if (command) await command()
else {
  process.stderr.write(`there is no drill "${name}": ${Object.keys(commands).join(', ')}\n`)
  process.exitCode = 2
}
