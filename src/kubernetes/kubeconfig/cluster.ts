import { isAbsolute, join } from 'node:path'
import type { ClusterAccess, Complain, Located, Material } from './access.ts'
import type { ClusterFields } from './schema.ts'

type ClusterPart = Pick<ClusterAccess, 'server' | 'ca' | 'skipTlsVerify' | 'tlsServerName' | 'proxyUrl'>

/** Where the API server is. Answers are never asked for compressed, so `disable-compression` changes nothing. */
export function clusterPart({ fields, folder }: Located<ClusterFields>, complain: Complain): ClusterPart {
  const proxyUrl = fields['proxy-url']
  if (proxyUrl !== undefined && !/^(https?|socks5):$/.test(urlOf(proxyUrl)?.protocol ?? '')) {
    complain('proxy-url is not the URL of a proxy that speaks http, https or socks5')
  }
  return {
    server: serverOf(fields, complain),
    ca: materialOf(fields, folder, 'certificate-authority', complain),
    skipTlsVerify: fields['insecure-skip-tls-verify'] === true,
    tlsServerName: fields['tls-server-name'],
    proxyUrl,
  }
}

/** As kubectl reads it: without a scheme it is https if anything is said of TLS. */
function serverOf(fields: ClusterFields, complain: Complain): string {
  const { server } = fields
  if (server === undefined) {
    complain('there is no server')
    return ''
  }
  const { 'insecure-skip-tls-verify': skips, 'certificate-authority': ca, 'certificate-authority-data': data } = fields
  const scheme = skips || ca || data ? 'https' : 'http'
  const url = urlOf(/^\w+:\/\//.test(server) ? server : `${scheme}://${server}`)
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') {
    return url.origin + url.pathname.replace(/\/+$/, '')
  }
  complain('server is not the URL, by http or https and without a user, of an API server')
  return ''
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

type FileField = 'certificate-authority' | 'client-certificate' | 'client-key'

/** The data if there are both data and a file, as kubectl documents it. */
export function materialOf<Name extends FileField>(
  fields: { [Field in Name | `${Name}-data`]?: string },
  folder: string,
  name: Name,
  complain: Complain,
): Material | undefined {
  const file = fields[name]
  const data = fields[`${name}-data`]
  if (data === undefined) return file === undefined ? undefined : { file: pathIn(folder, file) }
  const text = Buffer.from(data, 'base64').toString()
  if (!text.includes('-----BEGIN ')) complain(`${name}-data is not PEM in base64`)
  return { data: text }
}

/** A path as a kubeconfig means it. */
export function pathIn(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path)
}
