import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '../base/app-error.ts'

/** Keeps agents' API keys in the database unreadable without the installation's secret. */
export interface SecretBox {
  /** `owner`: the row's id. What was sealed for one does not open for another. */
  seal(text: string, owner: string): string
  /** Throws AppError `internal` when the secret is another one, or the text was changed. */
  unseal(sealed: string, owner: string): string
}

// Says how the rest is made, so that another way can come beside it.
const PREFIX = 'v1.'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM. `key`: 32 bytes, see data-dir/derive-key. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal(text, owner) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    unseal(sealed, owner) {
      try {
        if (!sealed.startsWith(PREFIX)) throw new Error('unknown kind of seal')
        const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
        const nonce = bytes.subarray(0, NONCE_BYTES)
        const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch (error) {
        const message = "The agent's key can't be opened: SECRET_KEY or secret.key is not the one it was sealed with."
        throw new AppError('internal', { message, cause: error })
      }
    },
  }
}
