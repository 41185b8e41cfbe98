import { hkdfSync } from 'node:crypto'

/** A 32-byte key for one purpose out of the installation's secret; no purpose's key tells anything of another's. */
export function deriveKey(secret: string, purpose: 'agent-keys' | 'csrf' | 'end-user-ids' | 'totp'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `llmchat ${purpose}`, 32))
}
