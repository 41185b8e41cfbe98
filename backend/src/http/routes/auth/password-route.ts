import { MeSchema } from '@llmchat/protocol/api/auth-schema'
import { ChangePasswordRequestSchema } from '@llmchat/protocol/api/identity-schema'
import type { HttpApp } from '../../app-types.ts'
import { isInBrowser } from '../../policies/is-in-browser.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { startLoginSession } from './start-login-session.ts'

export function addPasswordRoute(app: HttpApp, deps: AuthRouteDeps): void {
  app.post(
    '/api/auth/password',
    {
      config: { policy: isInBrowser },
      schema: {
        summary: 'Change my password; all other login sessions end',
        body: ChangePasswordRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      const { user } = request
      const isPersistent = request.requester?.isPersistent ?? false
      await deps.signInGate.enter(request, user, () => deps.users.changePassword(user, request.body))
      await deps.acts.record(request, { action: 'password.changed', target: { kind: 'user', id: user.id } })
      // Its own ended, too: this browser goes on with a new token.
      return startLoginSession(deps, request, reply, { user, isPersistent })
    },
  )
}
