import type { V1ManagedFieldsEntry, V1ObjectMeta } from '@kubernetes/client-node'
import type { Appliable } from '../../kubernetes/apply.ts'
import { CHART_LABEL, HELM_ANNOTATIONS } from '../../manifests/helm.ts'
import { FIELD_MANAGER } from '../../manifests/labels.ts'

const MARK = `f:${HELM_ANNOTATIONS[0]}`

/**
 * The change of an object's metadata that takes it out of Helm's hands: without Helm's marks, and with all that Helm or a person
 * has set counted as this service's own; what controllers have set stays theirs. Else a field that Helm has set would outlive the
 * apply that leaves it out, such as the start command of an image that no longer has it.
 */
export function takenFromHelm({ kind, apiVersion, metadata }: Appliable): object {
  const isTaken = (entry: V1ManagedFieldsEntry) => isOfPeople(entry) && entry.apiVersion === apiVersion
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

/** Helm by whatever name it ran, known by its mark; and kubectl, by hand. */
function isOfPeople({ manager, subresource, fieldsV1 }: V1ManagedFieldsEntry): boolean {
  if (subresource) return false
  return manager?.startsWith('kubectl') || annotationsIn(fieldsV1 as Fields)?.[MARK] !== undefined
}

/** The annotations that Helm or a person has set; undefined: the server keeps no account of that. */
export function setByPeople(metadata: V1ObjectMeta | undefined): ReadonlySet<string> | undefined {
  if (metadata?.managedFields === undefined) return undefined
  const fields = metadata.managedFields
    .filter(isOfPeople)
    .flatMap(({ fieldsV1 }) => Object.keys(annotationsIn(fieldsV1 as Fields) ?? {}))
  return new Set(fields.map((field) => field.replace(/^f:/, '')))
}

function annotationsIn(fields: Fields | undefined): Fields | undefined {
  return fields?.['f:metadata']?.['f:annotations']
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
  const { 'f:metadata': all, ...rest } = fields
  if (all === undefined) return fields
  // Who keeps an object from going, or owns it, is not to be forgotten by an apply that leaves it out.
  const { 'f:finalizers': _, 'f:ownerReferences': _owners, ...metadata } = all
  const parts = ['f:annotations', 'f:labels'].flatMap((name) => {
    const part = kept(metadata[name])
    return part === undefined ? [] : [[name, part]]
  })
  return { ...rest, 'f:metadata': { ...metadata, ...Object.fromEntries(parts) } }
}

/** An existing Service is changed by merge patches, which know nothing of owned fields: of it only annotations count. */
function ownable(kind: string | undefined, fields: Fields): Fields {
  if (kind !== 'Service') return fields
  const annotations = annotationsIn(fields)
  return annotations === undefined ? {} : { 'f:metadata': { 'f:annotations': annotations } }
}
