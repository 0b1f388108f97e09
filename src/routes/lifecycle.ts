import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { refTo } from '../schemas/enumeration.ts'
import { RotateKeySchema } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { restartTenant, resumeTenant, suspendTenant } from '../tenants/commands/lifecycle.ts'
import { rotateKey } from '../tenants/commands/rotate-key.ts'
import { answerWrite } from './answer.ts'
import { CHANGE_ANSWERS } from './problem-answers.ts'
import { notesOf } from './ram.ts'
import { ChangeHeaders, callerOf, ForceQuery, optionsOf, waitOf } from './request.ts'
import { IdParams } from './tenants.ts'

const NoQuery = Type.Object({}, { additionalProperties: false })

/** The changes that need no body: what they are called, and what they do. */
const VERBS = [
  {
    verb: 'suspend',
    summary: 'Stop the database of a tenant and keep all else',
    description: 'The data, key, address and sizes stay. Nothing is billed as running.',
    command: suspendTenant,
    querystring: NoQuery,
  },
  {
    verb: 'resume',
    summary: 'Start a suspended database with its data',
    description: 'It has the sizes and options that it had, and those that were changed meanwhile.',
    command: resumeTenant,
    querystring: NoQuery,
  },
  {
    verb: 'restart',
    summary: 'Start the database anew, with the image and pod template of today',
    description: 'The data stays. Changes that wait for a restart come into force with it.',
    command: restartTenant,
    querystring: ForceQuery,
  },
] as const

const lifecycle: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  for (const { verb, summary, description, command, querystring } of VERBS) {
    app.post(
      `/tenants/:id/${verb}`,
      {
        config: { scope: 'write' },
        schema: {
          operationId: `${verb}Tenant`,
          summary,
          description,
          tags: ['tenants'],
          params: IdParams,
          querystring,
          headers: ChangeHeaders,
          response: CHANGE_ANSWERS,
        },
      },
      async (request, reply) => {
        const { params, headers } = request
        const { force } = request.query as Static<typeof ForceQuery>
        const options = optionsOf(headers, [verb, params.id], force)
        const written = await command(context, params.id, callerOf(request), options)
        return answerWrite(context, reply, {
          written,
          wait: waitOf(headers),
          done: 200,
          extra: notesOf(written.operation),
        })
      },
    )
  }

  app.post(
    '/tenants/:id/rotate-key',
    {
      // No body asks for a generated key.
      config: { scope: 'secrets', optionalBody: true },
      schema: {
        operationId: 'rotateKey',
        summary: 'Give the database another key, with one restart; without `apiKey` the answer holds a generated one',
        description: 'The old key is valid until the restart, the new one after it.',
        tags: ['tenants'],
        params: IdParams,
        querystring: ForceQuery,
        headers: ChangeHeaders,
        body: refTo(RotateKeySchema),
        response: CHANGE_ANSWERS,
      },
    },
    async (request, reply) => {
      const { params, query, headers, body } = request
      const options = optionsOf(headers, ['rotate-key', params.id], query.force)
      const { apiKey, ...written } = await rotateKey(context, params.id, body.apiKey, callerOf(request), options)
      const extra = { ...notesOf(written.operation), ...(apiKey === undefined ? {} : { apiKey }) }
      return answerWrite(context, reply, { written, wait: waitOf(headers), done: 200, extra })
    },
  )
}

export default lifecycle
