import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { AdoptionListSchema, AdoptionSchema } from '../schemas/adoption.ts'
import { BilledUsageListSchema, BilledUsageSchema } from '../schemas/billing.ts'
import { DeletionSchema } from '../schemas/deletion.ts'
import { DriftListSchema } from '../schemas/drift.ts'
import { LivezSchema, ReadyzSchema } from '../schemas/health.ts'
import { DiagnosisSchema, EventListSchema, EventSchema, FindingSchema, UsageSchema } from '../schemas/insight.ts'
import {
  FailureSchema,
  OperationListSchema,
  OperationSchema,
  StepSchema,
  TenantOperationListSchema,
  TenantOperationSchema,
} from '../schemas/operation.ts'
import { AskedOptionsSchema, OptionsPatchSchema, TenantOptionsSchema } from '../schemas/options.ts'
import { OrphanListSchema } from '../schemas/orphans.ts'
import { OutcomeSchema, PlanSchema } from '../schemas/plan.ts'
import { ProblemSchema } from '../schemas/problem.ts'
import { SizePlanListSchema } from '../schemas/size-plan.ts'
import {
  ConditionSchema,
  CreateTenantSchema,
  PatchTenantSchema,
  PutTenantSchema,
  ResizeSchema,
  RotateKeySchema,
  TenantListSchema,
  TenantSchema,
} from '../schemas/tenant.ts'
import { completeAnswers, HEADERS, type Paths } from './openapi-answers.ts'
import { nameParts, type Schemas } from './openapi-names.ts'

const COMPONENTS = [
  ProblemSchema,
  StepSchema,
  FailureSchema,
  PlanSchema,
  OutcomeSchema,
  OperationSchema,
  OperationListSchema,
  TenantOperationSchema,
  TenantOperationListSchema,
  ConditionSchema,
  TenantOptionsSchema,
  TenantSchema,
  TenantListSchema,
  AskedOptionsSchema,
  OptionsPatchSchema,
  SizePlanListSchema,
  DriftListSchema,
  DeletionSchema,
  OrphanListSchema,
  CreateTenantSchema,
  PutTenantSchema,
  PatchTenantSchema,
  ResizeSchema,
  RotateKeySchema,
  AdoptionSchema,
  AdoptionListSchema,
  EventSchema,
  EventListSchema,
  UsageSchema,
  BilledUsageSchema,
  BilledUsageListSchema,
  FindingSchema,
  DiagnosisSchema,
  LivezSchema,
  ReadyzSchema,
]

const TAGS = [
  { name: 'tenants', description: 'Databases, one for each of your customers.' },
  { name: 'plans', description: 'What a change would do, and the sizes that an operator offers.' },
  { name: 'operations', description: 'What was asked for, how far it has come, and what it did.' },
  { name: 'insight', description: 'What goes on in a database: its log, events, usage, and what is wrong with it.' },
  { name: 'billing', description: 'What tenants were given, and for how long.' },
  { name: 'adoption', description: 'Taking over what Helm has installed.' },
  { name: 'service', description: 'This service itself: probes, metrics, what other hands have changed.' },
]

/** The document that clients are generated from, made from the schemas that requests are checked against. */
export default plugin(async (app: FastifyInstance, { version }: { version: string }) => {
  for (const schema of COMPONENTS) app.addSchema(schema)
  const withOptionalBody = new Set<string>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'FluxionDB provisioner',
        version,
        description: 'Runs one isolated FluxionDB for each tenant on Kubernetes.',
        contact: { name: 'The FluxionDB provisioner' },
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: TAGS,
      // From where this document is, as whoever reads it knows best how it came there.
      servers: [{ url: '.' }],
      security: [{ credential: [] }],
      components: {
        headers: HEADERS as never,
        securitySchemes: {
          credential: {
            type: 'http',
            scheme: 'bearer',
            description: 'A credential of this service, `fxp_<id>_<secret>`.',
          },
        },
      },
    },
    // Paths stand for themselves; the server's is not in them.
    stripBasePath: false,
    // Without this the components are called def-0, def-1, ...
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => (json.$id as string) ?? `def-${i}` },
    transform: ({ schema, url, route }) => {
      const { scope, optionalBody } = route.config ?? {}
      if (optionalBody) withOptionalBody.add(schema.operationId!)
      if (scope === 'public') return { url, schema: { ...schema, security: [] } }
      return { url, schema: { ...schema, description: `${schema.description} Needs the scope \`${scope}\`.` } }
    },
    transformObject: (document) => {
      const { openapiObject } = document as unknown as {
        openapiObject: { paths: Paths; components: { schemas: Schemas } }
      }
      for (const { operationId, requestBody } of Object.values(openapiObject.paths).flatMap((path) =>
        Object.values(path),
      )) {
        if (withOptionalBody.has(operationId)) requestBody!.required = false
      }
      completeAnswers(openapiObject.paths)
      nameParts(openapiObject.components.schemas)
      return openapiObject as never
    },
  })
  await app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'public' }
    })
    await page.register(swaggerUi, {
      routePrefix: '/docs',
      // Its links are relative at /docs too, as they are at /docs/.
      indexPrefix: '.',
      // The page has its own copy, one level further down.
      transformSpecification: (document) => ({ ...document, servers: [{ url: '..' }] }),
      staticCSP: true,
      // Over plain HTTP on an address the page would stay blank.
      transformStaticCSP: (header) => header.replace(/\s*upgrade-insecure-requests;?/, ''),
    })
  })
  app.get('/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => app.swagger())
})
