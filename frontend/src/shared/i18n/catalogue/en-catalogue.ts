import { enAuth } from './en/auth.ts'
import { enChat } from './en/chat.ts'
import { enCommon } from './en/common.ts'
import { enError } from './en/error.ts'
import { enQuota } from './en/quota.ts'
import { enSearch } from './en/search.ts'
import { enSettings } from './en/settings.ts'

/** All texts of this language; each area of the product has its own file. */
export const enCatalogue = { ...enCommon, ...enError, ...enAuth, ...enChat, ...enQuota, ...enSearch, ...enSettings }
