import { createHmac } from 'node:crypto'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import type { Registry } from 'prom-client'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { HttpApp, RoutePlugin } from './app-types.ts'
import { createFastify } from './create-fastify.ts'
import { createTrustCheck } from './create-trust-check.ts'
import { createErrorHandler } from './errors/create-error-handler.ts'
import { toErrorBody, type ToErrorReply } from './errors/to-error-body.ts'
import { createMethodTable } from './errors/create-method-table.ts'
import { createHttpMetrics } from './metrics/create-http-metrics.ts'
import { createLimitStore } from './limits/create-limit-store.ts'
import { createRateCheck } from './limits/create-rate-check.ts'
import { createSignInGate } from './limits/create-sign-in-gate.ts'
import { createKnownDevices } from './limits/known-device.ts'
import type { CountRequest } from './limits/create-request-counter.ts'
import { createCacheMetrics } from './metrics/create-cache-metrics.ts'
import { createActWriter } from './audit/create-act-writer.ts'
import { addCsrfProtection, requireCsrfToken } from './plugins/add-csrf-protection.ts'
import { addSecurityHeaders } from './plugins/add-security-headers.ts'
import { closeUnusedConnections } from './plugins/close-unused-connections.ts'
import { createFindRequester, decorateRequester, requireRequester } from './plugins/authenticate.ts'
import { createGetSharing } from './plugins/create-get-sharing.ts'
import { describeApi } from './plugins/describe-api.ts'
import { discardRefusedBodies } from './plugins/discard-refused-bodies.ts'
import { limitBodyTime } from './plugins/limit-body-time.ts'
import { observeRequests } from './plugins/observe-requests.ts'
import { refuseWhileDraining, type DrainState } from './plugins/refuse-while-draining.ts'
import { requirePolicies } from './plugins/require-policies.ts'
import type { Administration } from './routes/admin/admin-deps.ts'
import { addAdminRoutes } from './routes/admin/admin-routes.ts'
import { requireVisitToken } from './plugins/visit-token.ts'
import { servePages } from './plugins/serve-pages.ts'
import { addInvitationRoutes } from './routes/admin/invitation-routes.ts'
import { addInstanceRoutes, type InstanceRouteDeps } from './routes/admin/instance-routes.ts'
import { addAgentRoutes, type AgentRouteDeps } from './routes/agent-routes.ts'
import { addAccountRoutes } from './routes/auth/account-routes.ts'
import type { AuthRouteDeps } from './routes/auth/auth-route-deps.ts'
import { addLinkRoutes } from './routes/auth/link-routes.ts'
import { addLoginSessionRoutes } from './routes/auth/login-session-routes.ts'
import { addOidcRoutes } from './routes/auth/oidc-routes.ts'
import { addPasswordRoute } from './routes/auth/password-route.ts'
import { addSignInRoutes } from './routes/auth/sign-in-routes.ts'
import { addTotpRoutes } from './routes/auth/totp-routes.ts'
import { addFeedbackRoute, type FeedbackRouteDeps } from './routes/chat/feedback-route.ts'
import { addSessionRoutes, type SessionRouteDeps } from './routes/chat/session-routes.ts'
import { addCliRoute, type CliRouteDeps } from './routes/cli-route.ts'
import { addMyQuotaRoute } from './routes/my-quota-route.ts'
import { addHealthRoutes, type HealthRouteDeps } from './routes/health-routes.ts'
import { addMetricsRoute } from './routes/metrics-route.ts'
import { addUploadRoutes, type UploadRouteDeps } from './routes/upload-routes.ts'
import { addScimRoutes, scimMediaType, type Scim } from './routes/scim/scim-routes.ts'
import { toScimError } from './routes/scim/to-scim-error.ts'
import { toOpenAiError } from './routes/v1/to-chunks.ts'

export interface HttpServerDeps {
  config: Pick<
    Config,
    'publicUrl' | 'trustedProxies' | 'rateLimitPerMinute' | 'loginAttemptsPerMinute' | 'bodyLimitBytes' | 'signIn'
  >
  logger: Logger
  clock: Clock
  createId: CreateId
  database: Database
  /** At least 32 bytes, the same on all instances. */
  serverSecret: Buffer
  metricsRegistry: Registry
  /** Folder of the built front end; may be missing. */
  pagesDir: string
  version: string
  instanceId: () => string
  users: AuthRouteDeps['users']
  oidc: AuthRouteDeps['oidc']
  ldap: AuthRouteDeps['ldap']
  scim: Scim
  countRequest: CountRequest
  cache: Pick<CacheService, 'counts'>
  agents: AgentRouteDeps
  uploads: UploadRouteDeps['uploads']
  uploadLimits: UploadRouteDeps['uploadLimits']
  instances: Omit<InstanceRouteDeps, 'acts'>
  administration: Administration
  requireAgent: SessionRouteDeps['requireAgent']
  endSession: SessionRouteDeps['endSession']
  forwardFeedback: FeedbackRouteDeps['forwardFeedback']
  cli: CliRouteDeps
  /** Lets monitoring in from elsewhere; null: none. */
  opsToken: string | null
  drain: DrainState
  listAuditPushes: HealthRouteDeps['listAuditPushes']
  checkFileStore: HealthRouteDeps['checkFileStore']
  isMigrated(): boolean
  isDegraded(): boolean
  isStarted(): boolean
  /** More routes of the authenticated scope; each gets a scope of its own in which it may set its error handler. */
  extraRoutes: readonly RoutePlugin[]
}

/**
 * The HTTP server, ready but not listening: call `listen` on it, and `close` at the end. Two scopes: what anybody may
 * ask, and what needs a known requester.
 */
export async function openHttpServer(deps: HttpServerDeps): Promise<HttpApp> {
  const logger = deps.logger.child({ room: 'http' })
  const { config } = deps
  const publicOrigin = config.publicUrl === null ? null : new URL(config.publicUrl).origin
  const app = createFastify({
    bodyLimitBytes: config.bodyLimitBytes,
    createId: deps.createId,
    isTrusted: createTrustCheck(config.trustedProxies),
    handleError: createErrorHandler({ logger, toReply: toReplyByAddress }),
  })
  closeUnusedConnections(app)
  const routes = requirePolicies(app)
  app.decorate('listRoutes', () => routes)
  const methods = createMethodTable()
  app.addHook('onRoute', (route) => methods.add(route))
  observeRequests(app, { clock: deps.clock, logger, metrics: createHttpMetrics(deps.metricsRegistry) })
  await addSecurityHeaders(app, { isHttps: publicOrigin?.startsWith('https:') ?? false })
  refuseWhileDraining(app, deps.drain)
  discardRefusedBodies(app, deps.clock)
  limitBodyTime(app, deps.clock)
  await app.register(cookie)
  await app.register(rateLimit, { global: false, store: createLimitStore(deps.countRequest) })
  decorateRequester(app)
  await addCsrfProtection(app, { serverSecret: deps.serverSecret })
  await describeApi(app, { version: deps.version })
  createCacheMetrics(deps.metricsRegistry, deps.cache)
  const checkRate = createRateCheck(app, config.rateLimitPerMinute)
  const findRequester = createFindRequester(deps.users, { publicOrigin })
  const knownDevices = createKnownDevices({ key: toDeviceKey(deps.serverSecret), clock: deps.clock })
  const attemptsPerMinute = config.loginAttemptsPerMinute
  const signInGate = createSignInGate(app, { users: deps.users, knownDevices, attemptsPerMinute, publicOrigin })
  const acts = createActWriter(deps.administration.audit)
  const authDeps = { ...deps, acts, publicOrigin, knownDevices, signInGate }
  const operatorDeps = { ...deps, ...deps.agents, findRequester }

  addHealthRoutes(app, operatorDeps)
  addMetricsRoute(app, operatorDeps)
  addCliRoute(app, deps.cli)
  await app.register((scope: HttpApp) => {
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    scope.addHook('onRequest', checkRate)
    requireVisitToken(scope, { publicOrigin })
    addSignInRoutes(scope, authDeps)
    addLinkRoutes(scope, authDeps)
    addOidcRoutes(scope, authDeps)
  })
  await app.register(async (scope: HttpApp) => {
    requireRequester(scope, findRequester, checkRate)
    requireCsrfToken(scope, { publicOrigin })
    const { shareGet } = createGetSharing(scope)
    addAccountRoutes(scope, authDeps)
    addPasswordRoute(scope, authDeps)
    addLoginSessionRoutes(scope, authDeps)
    addTotpRoutes(scope, authDeps)
    addInvitationRoutes(scope, authDeps)
    addMyQuotaRoute(scope, deps.administration)
    addAgentRoutes(scope, { ...deps.agents, shareGet })
    addInstanceRoutes(scope, { ...deps.instances, acts })
    addAdminRoutes(scope, { ...deps.administration, acts, users: deps.users })
    addSessionRoutes(scope, { ...deps, acts, shareGet })
    addFeedbackRoute(scope, deps)
    await scope.register((files: HttpApp) => addUploadRoutes(files, deps))
    await scope.register((scim: HttpApp) => addScimRoutes(scim, deps.scim, { acts, publicOrigin }))
    for (const plugin of deps.extraRoutes) await scope.register(async (extra: HttpApp) => plugin(extra))
  })
  await servePages(app, { pagesDir: deps.pagesDir, methods })
  await app.ready()
  return app
}

function toDeviceKey(serverSecret: Buffer): Buffer {
  return createHmac('sha256', serverSecret).update('known devices').digest()
}

/**
 * Below /v1 every client is OpenAI's, below /scim a directory's, also of an address that does not exist and so belongs to no
 * scope.
 */
const toReplyByAddress: ToErrorReply = (error, requestId, url) => {
  if (/^\/scim(?:[/?]|$)/.test(url)) return { mediaType: scimMediaType, body: toScimError(error) }
  const body = /^\/v1(?:[/?]|$)/.test(url) ? toOpenAiError(error) : toErrorBody(error, requestId)
  return { mediaType: 'application/json; charset=utf-8', body }
}
