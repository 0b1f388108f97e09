import type { V1ManagedFieldsEntry, V1ObjectMeta } from '@kubernetes/client-node'
import type { Appliable } from '../../kubernetes/apply.ts'
import { CHART_LABEL, HELM_ANNOTATIONS } from '../../manifests/helm.ts'
import { FIELD_MANAGER } from '../../manifests/labels.ts'

/** What Kubernetes' own controllers write of these objects stays theirs. */
const CONTROLLERS = new Set(['kube-controller-manager', 'kube-scheduler', 'kubelet'])

/**
 * The change of an object's metadata that takes it out of Helm's hands: without Helm's marks, and with all that Helm or a person
 * has set counted as this service's own. Else a field that Helm has set would outlive the apply that leaves it out, such as
 * the start command of an image that no longer has it.
 */
export function takenFromHelm({ kind, apiVersion, metadata }: Appliable): object {
  const isTaken = (entry: V1ManagedFieldsEntry) =>
    !entry.subresource && !CONTROLLERS.has(entry.manager ?? '') && entry.apiVersion === apiVersion
  const entries = metadata?.managedFields ?? []
  const fields = entries.filter(isTaken).map(({ fieldsV1 }) => (fieldsV1 ?? {}) as Fields)
  const own: V1ManagedFieldsEntry = {
    manager: FIELD_MANAGER,
    operation: 'Apply',
    ...(apiVersion === undefined ? {} : { apiVersion }),
    fieldsType: 'FieldsV1',
    fieldsV1: ownable(kind, withoutMarks(union(fields))),
  }
  return {
    annotations: Object.fromEntries(HELM_ANNOTATIONS.map((key) => [key, null])),
    labels: { [CHART_LABEL]: null },
    managedFields: [...entries.filter((entry) => !isTaken(entry)), own],
  }
}

/** Whether an object still bears Helm's marks. */
export function isMarked({ annotations, labels }: V1ObjectMeta): boolean {
  return HELM_ANNOTATIONS.some((key) => annotations?.[key] !== undefined) || labels?.[CHART_LABEL] !== undefined
}

/** Fields as the server keeps account of them: `f:` and a name, `k:` and a key, with the fields below. */
type Fields = { [field: string]: Fields }

function union(all: readonly Fields[]): Fields {
  const names = new Set(all.flatMap((fields) => Object.keys(fields)))
  return Object.fromEntries(
    [...names].map((name) => [name, union(all.map((fields) => fields[name]).filter((one) => one !== undefined))]),
  )
}

/** Without the fields that go with the same write. */
function withoutMarks(fields: Fields): Fields {
  const gone = new Set([...HELM_ANNOTATIONS, CHART_LABEL].map((key) => `f:${key}`))
  const kept = (part: Fields | undefined) =>
    part && Object.fromEntries(Object.entries(part).filter(([field]) => !gone.has(field)))
  const { 'f:metadata': metadata, ...rest } = fields
  if (metadata === undefined) return fields
  const parts = ['f:annotations', 'f:labels'].flatMap((name) => {
    const part = kept(metadata[name])
    return part === undefined ? [] : [[name, part]]
  })
  return { ...rest, 'f:metadata': { ...metadata, ...Object.fromEntries(parts) } }
}

/** An existing Service is changed by merge patches, which know nothing of owned fields: of it only annotations count. */
function ownable(kind: string | undefined, fields: Fields): Fields {
  if (kind !== 'Service') return fields
  const annotations = fields['f:metadata']?.['f:annotations']
  return annotations === undefined ? {} : { 'f:metadata': { 'f:annotations': annotations } }
}
