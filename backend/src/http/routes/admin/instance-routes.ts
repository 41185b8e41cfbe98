import { InstanceListSchema, type Instance } from '@llmchat/protocol/api/instance-schema'
import Type from 'typebox'
import { AppError } from '../../../base/app-error.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import { mayOperate, mayReadAdminLists } from '../../policies/roles.ts'

export interface InstanceRouteDeps {
  acts: ActWriter
  listInstances(): Promise<Instance[]>
  /** False: there is no such living instance. It obeys at its next beat. */
  setDraining(instanceId: string, isDraining: boolean): Promise<boolean>
}

const IdSchema = Type.Object({ instanceId: Type.String({ minLength: 1, maxLength: 64 }) })

export function addInstanceRoutes(app: HttpApp, deps: InstanceRouteDeps): void {
  app.get(
    '/api/admin/instances',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'The instances and what they run', response: { 200: InstanceListSchema } },
    },
    async () => ({ instances: await deps.listInstances() }),
  )

  app.put(
    '/api/admin/instances/:instanceId/drain',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'Drain an instance, or call its drain off',
        description: 'It takes nothing new, moves its viewers, finishes what it can and hands over the rest.',
        params: IdSchema,
        body: Type.Object({ isDraining: Type.Boolean() }, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { instanceId } = request.params
      const { isDraining } = request.body
      if (!(await deps.setDraining(instanceId, isDraining))) throw new AppError('instance_not_found')
      const action = isDraining ? 'instance.drain-begun' : 'instance.drain-called-off'
      await deps.acts.record(request, { action, target: { kind: 'instance', id: instanceId } })
      return reply.code(204).send(null)
    },
  )
}
