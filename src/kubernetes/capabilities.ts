import type { Apis } from './connection.ts'

/** What this cluster lets this service do, found out and not assumed. */
export type Capabilities = {
  /** Pods can be given other sizes without a restart (Kubernetes 1.33), and this service may do it. */
  resizePods: boolean
  /** ... less memory too (1.34). */
  shrinkPods: boolean
  /** A claim whose volume could not grow may ask for less again (1.34). */
  lowerClaims: boolean
}

/** Rights and versions change rarely, and without a word to us. */
const KNOWN_FOR_MS = 60_000

/** Finds out what the cluster lets this service do; asked again after a minute. */
export function capabilitiesOf({ authorization, core, version }: Apis): () => Promise<Capabilities> {
  let known: { capabilities: Capabilities; at: number } | undefined
  return async () => {
    if (known && Date.now() - known.at < KNOWN_FOR_MS) return known.capabilities
    const [minor, isServed, isAllowed] = await Promise.all([
      minorOf(version),
      isResizeServed(core),
      mayResize(authorization),
    ])
    const resizePods = isServed && isAllowed
    known = {
      at: Date.now(),
      capabilities: { resizePods, shrinkPods: resizePods && minor >= 34, lowerClaims: minor >= 34 },
    }
    return known.capabilities
  }
}

async function minorOf(version: Apis['version']): Promise<number> {
  const { major, minor } = await version.getCode()
  // Some vendors write `35+`. A second major version would have all that the first had.
  return Number(major) > 1 ? Number.POSITIVE_INFINITY : Number.parseInt(minor, 10)
}

async function isResizeServed(core: Apis['core']): Promise<boolean> {
  const { resources } = await core.getAPIResources()
  return resources.some(({ name, verbs }) => name === 'pods/resize' && verbs.includes('patch'))
}

async function mayResize(authorization: Apis['authorization']): Promise<boolean> {
  const { status } = await authorization.createSelfSubjectAccessReview({
    body: { spec: { resourceAttributes: { verb: 'patch', resource: 'pods', subresource: 'resize' } } },
  })
  return status?.allowed === true
}
