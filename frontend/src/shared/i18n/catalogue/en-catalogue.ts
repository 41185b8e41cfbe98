import { enAuth } from './en/auth.ts'
import { enChat } from './en/chat.ts'
import { enCommon } from './en/common.ts'
import { enError } from './en/error.ts'
import { enQuota } from './en/quota.ts'

/** The texts that everybody needs; each area of the product has its own file, and what opens later brings its own. */
export const enCatalogue = { ...enCommon, ...enError, ...enAuth, ...enChat, ...enQuota }
