import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { AdoptionListSchema, AdoptionSchema } from '../schemas/adoption.ts'
import { refTo } from '../schemas/enumeration.ts'
import { TenantSchema } from '../schemas/tenant.ts'
import type { Adoption } from '../tenants/adopt/adoption.ts'
import { adoptTenant, listAdoptions, planTenantAdoption } from '../tenants/commands/adopt.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { answerWrite } from './answer.ts'
import { CHANGE_ANSWERS, problems } from './problem-answers.ts'
import { DryRunQuery, notesOf } from './ram.ts'
import { ChangeHeaders, callerOf, optionsOf, waitOf } from './request.ts'
import { IdParams } from './tenants.ts'

const TenantOrAdoption = Type.Unsafe<Static<typeof TenantSchema> | Static<typeof AdoptionSchema>>({
  description: 'The tenant; with `dryRun` what adopting it would do.',
  anyOf: [refTo(TenantSchema), refTo(AdoptionSchema)],
})

const adoption: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.post(
    '/tenants/:id/adopt',
    {
      config: { scope: 'admin', unboundOnly: true },
      schema: {
        operationId: 'adoptTenant',
        summary: 'Take over what Helm has installed, without a restart',
        description:
          'Makes a release of the original chart, or of the instance chart, a tenant of this service: the same pod, data, key and address. An operator has to allow it by a label on its namespace first.',
        tags: ['adoption'],
        params: IdParams,
        querystring: DryRunQuery,
        headers: ChangeHeaders,
        response: { ...CHANGE_ANSWERS, 200: TenantOrAdoption },
      },
    },
    async (request, reply) => {
      const { params, query, headers } = request
      if (query.dryRun) return reply.code(200).send(shown(await planTenantAdoption(context, params.id)))
      const options = optionsOf(headers, ['adopt', params.id])
      const written = await adoptTenant(context, params.id, callerOf(request), options)
      const answer = { written, wait: waitOf(headers), extra: notesOf(written.operation) }
      return answerWrite(context, reply, { ...answer, done: 200 })
    },
  )

  app.get(
    '/admin/adoptable',
    {
      config: { scope: 'admin', unboundOnly: true },
      schema: {
        operationId: 'listAdoptable',
        summary: 'List what may be taken over from Helm, and what that would do',
        description:
          'Releases that an operator has allowed to be taken over, each with the sizes and options that it would have, or with what stands in the way.',
        tags: ['adoption'],
        response: { 200: refTo(AdoptionListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async () => ({ items: (await listAdoptions(context)).map(shown) }),
  )
}

function shown({ desired, ...adoption }: Adoption): Static<typeof AdoptionSchema> {
  if (desired === null) return { ...adoption, desired, options: null }
  const { ramSize, storageSize, cpu, options } = desired
  return { ...adoption, desired: { ramSize, storageSize, cpu }, options }
}

export default adoption
