import { readFile } from 'node:fs/promises'
import type { Server, ServerOptions } from 'node:https'
import { createSecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'

/** A mounted Secret is replaced, not written to, which file events do not tell reliably. */
const RELOAD_MS = 5000

/** Files in PEM, by their settings. Without the last one clients need no certificate. */
export type TlsFiles = { TLS_CERT_FILE: string; TLS_KEY_FILE: string; TLS_CLIENT_CA_FILE: string }
type Material = { cert: string; key: string; ca?: string }

/** What the listener shows to clients, and asks of them. */
export class Tls {
  readonly #files: TlsFiles
  readonly #log: FastifyBaseLogger
  #material: Material
  #timer: NodeJS.Timeout | undefined

  private constructor(files: TlsFiles, material: Material, log: FastifyBaseLogger) {
    this.#files = files
    this.#material = material
    this.#log = log
  }

  /**
   * @returns undefined if no certificate is set
   * @throws Error if the files cannot be read or used
   */
  static async open(files: TlsFiles, log: FastifyBaseLogger): Promise<Tls | undefined> {
    if (files.TLS_CERT_FILE === '') return undefined
    const material = await read(files)
    createSecureContext(material)
    return new Tls(files, material, log)
  }

  get options(): ServerOptions {
    // Kubernetes' probes show no certificate, so who lacks one is refused with its first request that is not public.
    return { ...this.#material, minVersion: 'TLSv1.2', requestCert: this.asksForCertificate, rejectUnauthorized: false }
  }

  get asksForCertificate(): boolean {
    return this.#files.TLS_CLIENT_CA_FILE !== ''
  }

  /** Begins to look for renewed files. Connections that are open keep what they have been shown. */
  watch(server: Pick<Server, 'setSecureContext'>): void {
    let trouble: string | undefined
    const look = async () => {
      try {
        const material = await read(this.#files)
        if (!isDeepStrictEqual(material, this.#material)) {
          // Fails while only one of certificate and key has been replaced; the next look finds both.
          server.setSecureContext({ ...material, minVersion: 'TLSv1.2' })
          this.#material = material
          this.#log.info('the renewed certificate is in force')
        }
        trouble = undefined
      } catch (error) {
        const { message } = error as Error
        if (trouble !== message) this.#log.error({ reason: message }, 'the certificate cannot be renewed')
        trouble = message
      }
      this.#timer = setTimeout(look, RELOAD_MS).unref()
    }
    this.#timer = setTimeout(look, RELOAD_MS).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}

async function read({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE }: TlsFiles): Promise<Material> {
  const [cert, key, ca] = await Promise.all(
    [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE].map((file) => (file === '' ? undefined : readFile(file, 'utf8'))),
  )
  return { cert: cert!, key: key!, ...(ca === undefined ? {} : { ca }) }
}
