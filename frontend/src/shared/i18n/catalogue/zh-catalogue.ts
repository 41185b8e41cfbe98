import { zhAuth } from './zh/auth.ts'
import { zhChat } from './zh/chat.ts'
import { zhCommon } from './zh/common.ts'
import { zhError } from './zh/error.ts'
import { zhQuota } from './zh/quota.ts'

/** The texts that everybody needs; each area of the product has its own file, and what opens later brings its own. */
export const zhCatalogue = {
  ...zhCommon,
  ...zhError,
  ...zhAuth,
  ...zhChat,
  ...zhQuota,
} as const
