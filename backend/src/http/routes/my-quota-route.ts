import { MyQuotasSchema } from '@llmchat/protocol/api/quota-schema'
import type { QuotaAdministration } from '../../quotas/quota-administration.ts'
import type { HttpApp } from '../app-types.ts'
import { isSignedIn } from '../policies/is-signed-in.ts'

export function addMyQuotaRoute(app: HttpApp, deps: { quotas: Pick<QuotaAdministration, 'listMine'> }): void {
  app.get(
    '/api/me/quotas',
    {
      config: { policy: isSignedIn('read', 'chat') },
      schema: {
        summary: 'List the quotas that limit me, and how far they are used',
        response: { 200: MyQuotasSchema },
      },
    },
    (request) => deps.quotas.listMine(request.user.id),
  )
}
