import type {
  V1Affinity,
  V1Container,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodAffinityTerm,
  V1ResourceQuota,
  V1ScopedResourceSelectorRequirement,
} from '@kubernetes/client-node'
import { amountsOf } from './amounts.ts'
import { meets } from './node-selector.ts'

/** What a quota is limited to. */
export type Scope = V1ScopedResourceSelectorRequirement

/** All of them: an object counts only if it is in every one. */
export function scopesOf({ spec }: V1ResourceQuota): Scope[] {
  const named = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }))
  return [...named, ...(spec?.scopeSelector?.matchExpressions ?? [])]
}

/** Whether a pod is in a scope. */
export function isPodIn({ spec }: V1Pod, scope: Scope): boolean {
  const isTerminating = spec?.activeDeadlineSeconds !== undefined
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating
    case 'NotTerminating':
      return !isTerminating
    case 'BestEffort':
      return isBestEffort(spec)
    case 'NotBestEffort':
      return !isBestEffort(spec)
    case 'PriorityClass':
      return meetsName(spec?.priorityClassName, scope)
    case 'CrossNamespacePodAffinity':
      return looksAcross(spec?.affinity)
    default:
      return false
  }
}

/** Whether a claim is in a scope. Of all scopes one is about claims. */
export function isClaimIn({ spec, status }: V1PersistentVolumeClaim, scope: Scope): boolean {
  if (scope.scopeName !== 'VolumeAttributesClass') return false
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter(Boolean)
  return names.length === 0 ? meetsName(undefined, scope) : names.some((name) => meetsName(name, scope))
}

function meetsName(name: string | undefined, { scopeName, operator, values }: Scope): boolean {
  return meets(name ? { [scopeName]: name } : {}, { key: scopeName, operator, ...(values ? { values } : {}) })
}

function isBestEffort(spec: V1Pod['spec']): boolean {
  const names = ['cpu', 'memory']
  const asks = ({ resources }: Pick<V1Container, 'resources'>) =>
    [resources?.requests, resources?.limits].some((list) => names.some((name) => (amountsOf(list)[name] ?? 0n) > 0n))
  const { containers = [], initContainers = [], resources } = spec ?? {}
  return ![...containers, ...initContainers, ...(resources ? [{ resources }] : [])].some(asks)
}

/** Whether a pod's affinity names pods of other namespaces. */
function looksAcross({ podAffinity, podAntiAffinity }: V1Affinity = {}): boolean {
  const terms = [podAffinity, podAntiAffinity].flatMap((affinity): V1PodAffinityTerm[] => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
  return terms.some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector !== undefined)
}
