import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { HttpApp } from '../app-types.ts'
import { anyone } from '../policies/anyone.ts'
import type { MethodTable } from '../errors/create-method-table.ts'
import { refuseUnknown, toPath } from '../errors/refuse-unknown.ts'

/** Addresses of programs: what is not there is a JSON 404, never the page. */
const programPaths = /^\/(api|v1|scim|health|metrics|internal|assets)(\/|$)/

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>LLMChat</title>
<h1>The web pages are not built yet</h1>
<p>The server runs, but its pages are missing. Run <code>npm run build</code> and start it again.</p>
</html>
`

/** The built front end; an unknown address that a browser opens gets the page, whose router then decides. */
export async function servePages(app: HttpApp, deps: { pagesDir: string; methods: MethodTable }): Promise<void> {
  const isBuilt = existsSync(join(deps.pagesDir, 'index.html'))
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: deps.pagesDir,
      // The plugin's own route could name no policy.
      serve: false,
      cacheControl: false,
      preCompressed: true,
      dotfiles: 'ignore',
      setHeaders(reply, path) {
        // Names under /assets carry a hash of their content; everything else may change under the same name.
        const isHashed = path.startsWith(join(deps.pagesDir, 'assets'))
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.header('vary', 'accept-encoding')
      },
    })
    const route = { config: { policy: anyone }, schema: { hide: true } }
    app.get('/*', route, (request, reply) => {
      const name = toFileName(request)
      if (!isPlain(name)) return refuseUnknown(deps.methods, request, reply)
      // Not returned: a reply is thenable, and waiting for it costs listeners.
      void reply.sendFile(name)
    })
  }

  app.setNotFoundHandler((request, reply) => {
    if (!isPageRequest(request)) return refuseUnknown(deps.methods, request, reply)
    return isBuilt ? reply.sendFile('index.html') : sendNotBuilt(reply)
  })
}

/** Encoded slashes stay what they are: names, not folders. The router has refused what cannot be decoded. */
function toFileName(request: FastifyRequest): string {
  return decodeURI(toPath(request))
}

/** What the plugin refuses as forbidden: none of our files is called so. */
function isPlain(name: string): boolean {
  return posix.normalize(name) === name && !name.includes('\\')
}

function isPageRequest(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  return !programPaths.test(toPath(request)) && (request.headers.accept ?? '').includes('text/html')
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', '5').type('text/html; charset=utf-8').send(notBuiltPage)
}
