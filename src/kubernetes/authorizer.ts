import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'
import type { Dispatcher } from 'undici'
import { KubernetesError } from './errors.ts'
import { ExecPlugin } from './exec-plugin.ts'
import type { Authorization, Authorizer } from './http.ts'
import type { ClusterAccess, Material } from './kubeconfig/access.ts'
import { dispatcherFor, type Secured } from './pool.ts'
import { RenewedFile } from './renewed-file.ts'
import { within } from './within.ts'

/** Connections for reads and watches, and as many for writes: those can take half a minute each, and must keep no read waiting. */
const MAX_CONNECTIONS = 64

type Identity = { authorization: string | undefined; secured: Secured }
type Source = (() => Promise<string>) | undefined

/** Shows the API server who this service is, as a kubeconfig says it, and by what may have been renewed since the last call. */
export class AccessAuthorizer implements Authorizer {
  readonly #access: ClusterAccess
  readonly #log: FastifyBaseLogger
  readonly #ca: Source
  readonly #certificate: Source
  readonly #key: Source
  readonly #token: Source
  readonly #plugin: ExecPlugin | undefined
  #pools: { secured: Secured; reads: Dispatcher; writes: Dispatcher } | undefined
  #trouble: string | undefined

  /** @param environment for the credential plugin, which looks for its own settings there */
  constructor(
    access: ClusterAccess,
    environment: Readonly<Record<string, string | undefined>>,
    log: FastifyBaseLogger,
  ) {
    this.#access = access
    this.#log = log
    this.#ca = this.#source(access.ca)
    this.#certificate = this.#source(access.certificate)
    this.#key = this.#source(access.key)
    this.#token = this.#source(access.token)
    this.#plugin = access.exec && new ExecPlugin(access.exec, environment)
  }

  async authorize(method: string, signal?: AbortSignal): Promise<Authorization> {
    const { authorization, secured } = await this.#known(signal)
    const { reads, writes } = this.#poolsFor(secured)
    return {
      headers: authorization === undefined ? {} : { authorization },
      dispatcher: method === 'GET' ? reads : writes,
    }
  }

  renew({ headers }: Authorization): boolean {
    return this.#plugin?.renew(headers.authorization?.replace(/^Bearer /, '')) ?? false
  }

  async close(): Promise<void> {
    await Promise.all([this.#pools?.reads.destroy(), this.#pools?.writes.destroy()])
  }

  /** @throws KubernetesError with the reason `Credentials`; the log has more when that begins */
  async #known(signal?: AbortSignal): Promise<Identity> {
    try {
      const identity = await (signal ? within(this.#identity(), signal) : this.#identity())
      if (this.#trouble !== undefined) this.#log.info('the credentials for the cluster can be had again')
      this.#trouble = undefined
      return identity
    } catch (error) {
      const detail = signal?.aborted ? 'they were not there within the deadline' : (error as Error).message
      if (this.#trouble !== detail) this.#log.error({ reason: detail }, 'there are no credentials for the cluster')
      this.#trouble = detail
      const message = 'this service cannot show the cluster its credentials now'
      throw new KubernetesError(0, 'Credentials', message, [], { detail })
    }
  }

  async #identity(): Promise<Identity> {
    const sources = [this.#ca, this.#certificate, this.#key, this.#token]
    const read = await Promise.allSettled(sources.map((source) => source?.()))
    // Of several that are missing always the same is told, so that the log is told once.
    const [ca, certificate, key, token] = read.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
    const given = await this.#plugin?.credential(ca)
    const bearer = token ?? given?.token
    return {
      authorization: bearer === undefined ? this.#access.basic : `Bearer ${bearer}`,
      secured: { ca, cert: certificate ?? given?.certificate, key: key ?? given?.key },
    }
  }

  /** Another pool when a certificate is another one. */
  #poolsFor(secured: Secured): { reads: Dispatcher; writes: Dispatcher } {
    if (!isDeepStrictEqual(this.#pools?.secured, secured)) {
      // Calls under way on the old ones may finish; a failure to close them concerns nobody.
      for (const pool of [this.#pools?.reads, this.#pools?.writes]) pool?.close().catch(() => {})
      const open = () => dispatcherFor(this.#access, secured, MAX_CONNECTIONS)
      this.#pools = { secured, reads: open(), writes: open() }
    }
    return this.#pools!
  }

  #source(material: Material | undefined): Source {
    if (material === undefined) return undefined
    if ('data' in material) return async () => material.data
    const file = new RenewedFile(material.file, material.fallback, (path, code) => {
      this.#log.warn(
        { file: path, reason: code },
        'a file of the kubeconfig cannot be read: what it held stays in force',
      )
    })
    return () => file.text()
  }
}
