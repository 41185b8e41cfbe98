// A real OpenID Connect provider as a process of its own. It is told over IPC who its people are, and how to lie.
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [redirectUri, clientId, clientSecret] = process.argv.slice(2)
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test-key' }
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

/** login → claims. */
let accounts = {}
/** Null: honest. `claims`: put over those of the ID token, `header` over its header; `key`: what it is signed with then. */
let lie = null
let isDown = false

function put(part, over) {
  const whole = { ...JSON.parse(Buffer.from(part, 'base64url')), ...over }
  return Buffer.from(JSON.stringify(whole)).toString('base64url')
}

/** The header that brings along the very key the token was signed with. */
function bringKey() {
  return { jwk: createPublicKey(foreign).export({ format: 'jwk' }) }
}

function forge(idToken) {
  const [header, payload, signature] = idToken.split('.')
  const changed = `${put(header, lie.key === 'brought' ? bringKey() : lie.header)}.${put(payload, lie.claims)}`
  if (lie.key === 'none') return `${changed}.${signature}`
  if (lie.key === 'empty') return `${changed}.`
  if (lie.key === 'shared')
    return `${changed}.${createHmac('sha256', clientSecret).update(changed).digest('base64url')}`
  const key = lie.key === 'foreign' || lie.key === 'brought' ? foreign : createPrivateKey({ key: jwk, format: 'jwk' })
  return `${changed}.${sign('RSA-SHA256', Buffer.from(changed), key).toString('base64url')}`
}

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    // As providers that belong to the company do: nobody is asked whether the client may know their name.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    async findAccount(_ctx, id) {
      const claims = accounts[id]
      return claims && { accountId: claims.sub ?? id, claims: () => ({ sub: claims.sub ?? id, ...claims }) }
    },
  })
  provider.use(async (ctx, next) => {
    if (isDown) {
      ctx.status = 503
      return
    }
    await next()
    if (lie?.issuer !== undefined && ctx.path === '/.well-known/openid-configuration') {
      ctx.body = { ...ctx.body, issuer: lie.issuer }
    }
    if (lie?.claims !== undefined && ctx.path === '/token' && ctx.body?.id_token !== undefined) {
      ctx.body = { ...ctx.body, id_token: forge(ctx.body.id_token) }
    }
  })
  server.on('request', provider.callback())
  process.on('message', (told) => {
    if (told.accounts !== undefined) accounts = told.accounts
    if (told.lie !== undefined) lie = told.lie
    if (told.isDown !== undefined) isDown = told.isDown
    process.send({ heard: told.id })
  })
  process.send({ issuer })
})
process.on('disconnect', () => process.exit(0))
