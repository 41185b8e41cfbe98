import Type from 'typebox'
import type { HttpApp } from '../app-types.ts'
import { isCommandLine } from '../policies/is-command-line.ts'

const CliRequestSchema = Type.Object(
  { arguments: Type.Array(Type.String({ maxLength: 10_000 }), { maxItems: 50 }) },
  { additionalProperties: false },
)
const CliReplySchema = Type.Object({ exitCode: Type.Integer(), output: Type.String() })

export interface CliRouteDeps {
  /** From the lock file of the data folder, which only its owner can read; null: no such door. */
  token: string | null
  runCommand(commandArguments: string[]): Promise<{ exitCode: number; output: string }>
}

/**
 * The command line of the machine talks to the running server here, for two processes on one data folder destroy it.
 * To anyone else there is nothing at this address.
 */
export function addCliRoute(app: HttpApp, deps: CliRouteDeps): void {
  app.post(
    '/internal/cli',
    {
      schema: { hide: true, body: CliRequestSchema, response: { 200: CliReplySchema } },
      config: { policy: isCommandLine(deps) },
    },
    (request) => deps.runCommand(request.body.arguments),
  )
}
