import type { FastifyReply } from 'fastify'
import { userIdOf } from '../manifests/names.ts'
import { refTo } from '../schemas/enumeration.ts'
import { TenantSchema } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import type { TenantCache } from '../tenants/observe/cached.ts'
import type { TenantIndex } from '../tenants/observe/tenant-index.ts'
import { viewListed } from '../tenants/view/list.ts'

/** So many are kept; each takes two to three KiB. */
const MOST = 5000
const Tenant = refTo(TenantSchema)

const known = new WeakMap<object, Texts>()

/** The texts of a service, which all of its routes share. */
export function textsOf({ cache, tenants }: Pick<TenantContext, 'cache' | 'tenants'>): Texts {
  const texts = known.get(cache) ?? new Texts(cache, tenants)
  known.set(cache, texts)
  return texts
}

/** Tenants as lists show them, as JSON, each until something of it changes. */
export class Texts {
  readonly #tenants: Pick<TenantIndex, 'get'>
  readonly #texts = new Map<string, string>()

  constructor(cache: Pick<TenantCache, 'on'>, tenants: Pick<TenantIndex, 'get'>) {
    this.#tenants = tenants
    cache.on('change', (namespace) => this.#texts.delete(userIdOf(namespace) ?? ''))
  }

  /** @param reply whose route has the schemas. @param userId of a tenant that the index has */
  of(reply: FastifyReply, userId: string): string {
    const known = this.#texts.get(userId)
    if (known !== undefined) return known
    const text = reply.compileSerializationSchema(Tenant)(viewListed(this.#tenants.get(userId)!))
    this.#texts.set(userId, text)
    const [oldest] = this.#texts.keys()
    if (this.#texts.size > MOST) this.#texts.delete(oldest!)
    return text
  }
}
