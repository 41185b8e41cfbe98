import { zhAuth } from './zh/auth.ts'
import { zhChat } from './zh/chat.ts'
import { zhCommon } from './zh/common.ts'
import { zhError } from './zh/error.ts'
import { zhQuota } from './zh/quota.ts'
import { zhSearch } from './zh/search.ts'
import { zhSettings } from './zh/settings.ts'

/** All texts of this language; each area of the product has its own file. */
export const zhCatalogue = {
  ...zhCommon,
  ...zhError,
  ...zhAuth,
  ...zhChat,
  ...zhQuota,
  ...zhSearch,
  ...zhSettings,
} as const
