import { readFile } from 'node:fs/promises'
import type { TestCluster } from './cluster.ts'
import { SERVICE_IDENTITY } from './tenant-objects.ts'

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

type Event = {
  verb: string
  requestURI: string
  user: { username: string }
  objectRef?: { resource: string; namespace?: string; name?: string; apiGroup?: string }
}

/** Why tests that look at the audit log are skipped on this cluster; false if they are not. As tap's `skip` option takes it. */
export function withoutAuditLog({ auditLog, description }: TestCluster): string | false {
  return auditLog === undefined ? `no audit log: ${description}` : false
}

/** Every write of the service's account up to now, done or refused but not a dry run, the oldest first: `patch /api/v1/...`. */
export async function serviceWrites({ auditLog }: TestCluster): Promise<string[]> {
  if (auditLog === undefined) throw new Error('this cluster has no audit log')
  const lines = (await readFile(auditLog, 'utf8')).split('\n')
  // The last line may still be in the writing; every other ends with the line break that cut it off here.
  return lines.slice(0, -1).flatMap((line) => {
    const { verb, requestURI, user, objectRef } = JSON.parse(line) as Event
    // Asking who one is, or what one may, is a POST that writes nothing.
    const isQuestion = objectRef?.apiGroup === 'authentication.k8s.io' || objectRef?.apiGroup === 'authorization.k8s.io'
    const isTrial = requestURI.includes('dryRun=All')
    return user.username === SERVICE_IDENTITY.username && WRITES.has(verb) && !isQuestion && !isTrial
      ? [`${verb} ${requestURI}`]
      : []
  })
}
