import type { onRequestHookHandler } from 'fastify'
import type { HttpApp } from '../app-types.ts'
import type { Policy } from '../policies/policy.ts'
import type { RouteRecord } from '../route-record.ts'

/**
 * Every route added after this call must name its policy; one without throws at once, so that the server does not start
 * with a door nobody thought of. Policies are asked after the hooks of their scope: by then it is known who asks.
 * Returns the table of what was registered; it grows.
 */
export function requirePolicies(app: HttpApp): readonly RouteRecord[] {
  const routes: RouteRecord[] = []
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat()
    const policy = route.config?.policy
    if (policy === undefined) throw new Error(`${methods.join(', ')} ${route.url} has no policy.`)
    for (const method of methods) routes.push({ method, url: route.url, policy: policy.name })
    route.onRequest = [...[route.onRequest ?? []].flat(), toHook(policy)]
  })
  return routes
}

function toHook(policy: Policy): onRequestHookHandler {
  return (request, _reply, done) => {
    // A promise in any case: what `assert` throws at once is an answer, too.
    Promise.resolve(request)
      .then((asked) => policy.assert(asked))
      .then(
        () => done(),
        (error: unknown) => done(error as Error),
      )
  }
}
