import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

type Claims = Record<string, unknown>

/**
 * How it lies: about its own name, or in ID tokens. Their signature is then its own, a foreign one, one by a key that the
 * token itself brings along, one by the secret that the client knows too, empty, or no longer fits.
 */
export interface Lie {
  issuer?: string
  claims?: Claims
  header?: { alg: string }
  key?: 'own' | 'foreign' | 'brought' | 'shared' | 'empty' | 'none'
}

/** A real provider (npm `oidc-provider`) in a process of its own, with its own sign-in page. */
export interface TestOidcProvider {
  issuer: string
  /** Settings of a server that signs people in here. */
  env: Record<string, string>
  /** login → claims. */
  setAccounts(accounts: Record<string, Claims>): Promise<void>
  setLie(lie: Lie | null): Promise<void>
  /** It answers 503 to everything. */
  setDown(isDown: boolean): Promise<void>
  close(): Promise<void>
}

const clientId = 'llmchat'
const clientSecret = 'only known to these two'
const program = fileURLToPath(new URL('provider-main.mjs', import.meta.url))

/** `publicUrl`: of the server that people come back to. */
export async function openOidcProvider(publicUrl: string): Promise<TestOidcProvider> {
  const redirectUri = `${publicUrl}/api/auth/oidc/callback`
  const child = fork(program, [redirectUri, clientId, clientSecret], { silent: true, execArgv: [] })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.stdout?.resume()
  const started = await Promise.race([
    once(child, 'message') as Promise<[{ issuer: string }]>,
    once(child, 'exit').then(() => null),
  ])
  if (started === null) throw new Error(`the provider did not start:\n${errors}`)
  const [{ issuer }] = started
  let count = 0

  async function tell(told: object): Promise<void> {
    count += 1
    const id = count
    const heard = new Promise<void>((resolve) => {
      const listen = (message: unknown): void => {
        if ((message as { heard?: number }).heard !== id) return
        child.off('message', listen)
        resolve()
      }
      child.on('message', listen)
    })
    child.send({ ...told, id })
    await heard
  }

  return {
    issuer,
    env: {
      PUBLIC_URL: publicUrl,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OUTBOUND_ALLOWED_HOSTS: new URL(issuer).host,
    },
    setAccounts: (accounts) => tell({ accounts }),
    setLie: (lie) => tell({ lie }),
    setDown: (isDown) => tell({ isDown }),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
