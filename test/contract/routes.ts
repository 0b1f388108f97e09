import { readFileSync } from 'node:fs'
import type { InjectOptions } from 'fastify'

type Operation = {
  operationId?: string
  security?: unknown[]
  requestBody?: unknown
  responses: Record<string, { content?: Record<string, unknown> }>
}

/** The committed document, as clients are generated from it. */
export const DOCUMENT: {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
} = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))

export type Route = {
  method: NonNullable<InjectOptions['method']>
  path: string
  operation: Operation
  isPublic: boolean
}

/** Every route of the document. */
export const ROUTES: readonly Route[] = Object.entries(DOCUMENT.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    method: method.toUpperCase() as Route['method'],
    path,
    operation,
    isPublic: operation.security?.length === 0,
  })),
)

/** A body that the route takes; undefined if it takes none. */
export function bodyFor({ operation: { operationId } }: Route): object | undefined {
  if (operationId === 'createTenant') return { userId: 'user123', ramSize: '2Gi' }
  if (operationId === 'patchTenant' || operationId === 'planUpdate') return { options: { description: 'a database' } }
  return ['resizeTenant', 'planResize', 'putTenant'].includes(operationId ?? '') ? { ramSize: '4Gi' } : undefined
}

/** The address of a route for a tenant. @param id as it stands in the address */
export function urlOf({ path }: Route, id = 'user123'): string {
  return path.replace('{id}', id).replace('{operationId}', '01JGFJJZ000000000000000001')
}
