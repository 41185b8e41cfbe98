import { MeSchema } from '@llmchat/protocol/api/auth-schema'
import { ChangePasswordRequestSchema } from '@llmchat/protocol/api/identity-schema'
import type { HttpApp } from '../../app-types.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { requireBrowser } from './require-browser.ts'
import { startLoginSession } from './start-login-session.ts'

export function addPasswordRoute(app: HttpApp, deps: AuthRouteDeps): void {
  app.post(
    '/api/auth/password',
    {
      schema: {
        summary: 'Change my password; all other login sessions end',
        body: ChangePasswordRequestSchema,
        response: { 200: MeSchema },
      },
    },
    async (request, reply) => {
      requireBrowser(request)
      const { user } = request
      const isPersistent = request.requester?.isPersistent ?? false
      await deps.signInGate.enter(request, user, () => deps.users.changePassword(user, request.body))
      await deps.audit?.({ action: 'password.changed', outcome: 'done', actorId: user.id, targetId: user.id })
      // Its own ended, too: this browser goes on with a new token.
      return startLoginSession(deps, request, reply, { user, isPersistent })
    },
  )
}
