import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { ClusterAccess } from './kubeconfig/access.ts'

/** Less than the minute after which load balancers forget a quiet connection. */
const KEEP_ALIVE_MS = 30_000

/** PEM texts by which both ends of a connection are known. */
export type Secured = { ca: string | undefined; cert: string | undefined; key: string | undefined }

/** Connections to the API server, straight or through a proxy. Calls beyond `connections` wait, within their deadline. */
export function dispatcherFor(access: ClusterAccess, secured: Secured, connections: number): Dispatcher {
  const tls = { ...defined(secured), ...verification(access), keepAliveInitialDelay: KEEP_ALIVE_MS }
  // Not HTTP/2, which puts all calls on one connection: should the other end vanish, each of them would time out on it for as
  // long as the system believes in it. With HTTP/1.1 a call that times out takes its connection with it.
  const options = { connections, allowH2: false }
  const dispatcher =
    access.proxyUrl === undefined
      ? new Agent({ ...options, connect: tls })
      : new ProxyAgent({ ...options, uri: access.proxyUrl, requestTls: tls })
  return Object.keys(access.impersonation).length === 0
    ? dispatcher
    : dispatcher.compose(withHeaders(access.impersonation))
}

function verification({ skipTlsVerify, tlsServerName: name }: ClusterAccess) {
  const skip = skipTlsVerify ? { rejectUnauthorized: false } : {}
  if (name === undefined) return skip
  // An address is not told to the server, it is only looked for in its certificate.
  if (isIP(name) === 0) return { ...skip, servername: name }
  return {
    ...skip,
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
  }
}

/** Here and not at the request, as a watch's fetch() would join several headers of one name into one. */
function withHeaders(added: ClusterAccess['impersonation']): Dispatcher.DispatcherComposeInterceptor {
  const headers = Object.fromEntries(Object.entries(added).map(([name, values]) => [name, [...values]]))
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { ...(options.headers as Record<string, string>), ...headers } }, handler)
}

function defined<T extends object>(object: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
