import type { FieldError } from '../../errors.ts'
import { namesFor, SECRET_ENTRY } from '../../manifests/names.ts'
import type { Asked, Options } from '../../manifests/options.ts'
import { GRACE_AFTER_FLUSH } from '../../manifests/pod-template.ts'
import { leastStorageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, millicoresOf } from '../../sizing/quantity.ts'

/** What a request may say besides the options that there are: both have one value only, and are asked for by old habit. */
export type Fixed = { replicaCount?: number; storage?: { accessModes?: readonly string[] } }

const NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const LABEL_VALUE = new RegExp(`^(${NAME})?$`)
const CALLER_LABEL = new RegExp(`^${NAME}$`)
/** By these the Deployment finds its pods and the service its tenants. */
const RESERVED = /^(app\.kubernetes\.io\/|pod-template-hash$|([^/]*\.)?fluxiondb\.com\/)/
const MOST_LABELS = 50

/** Whether a label or annotation of the pod is the service's own. */
export function isReserved(key: string): boolean {
  return RESERVED.test(key)
}

/** What breaks the service's own rules, whoever asks. @param ram bytes that the tenant shall have */
export function brokenRules(userId: string, asked: Asked & Fixed, ram: bigint): FieldError[] {
  return inRequest([
    ...fixed(asked),
    ...sizes(asked, ram),
    ...objects(userId, asked),
    ...nulls(asked),
    ...labels(asked),
  ])
}

/**
 * What does not go together: with it the database could never run, or not as the options say. Judged on all options, as what is
 * asked for now can contradict what came from elsewhere.
 * @param operationSeconds how long an operation may take
 */
export function contradictions(options: Options, operationSeconds: number): FieldError[] {
  return inRequest(
    CONTRADICTIONS.flatMap(([pointer, rule]) => {
      const message = rule(options, operationSeconds)
      return message ? [{ pointer, message }] : []
    }),
  )
}

const inRequest = (errors: FieldError[]) =>
  errors.map(({ pointer, message }) => ({ pointer: `/options/${pointer}`, message }))

type Rule = (options: Options, operationSeconds: number) => string | false

const CONTRADICTIONS: readonly (readonly [pointer: string, rule: Rule])[] = [
  [
    'secret/key',
    ({ secret: { name, key } }) =>
      name === null &&
      key !== SECRET_ENTRY &&
      `"${key}" needs secret.name: the service's own Secret has only the entry "${SECRET_ENTRY}"`,
  ],
  [
    'storage/existingClaim',
    ({ storage: { enabled, existingClaim } }) =>
      !enabled && existingClaim !== null && `"${existingClaim}" needs storage to be enabled`,
  ],
  [
    'resources/requests/cpu',
    ({ resources: { requests, limits } }) =>
      (millicoresOf(requests.cpu ?? undefined) ?? 0) >
        (millicoresOf(limits.cpu ?? undefined) ?? Number.POSITIVE_INFINITY) &&
      `"${requests.cpu}" must be at most the limit, ${limits.cpu}`,
  ],
  [
    'ingress/hosts',
    ({ ingress: { enabled, hosts } }) => enabled && hosts.length === 0 && 'must name a host, as the Ingress is enabled',
  ],
  [
    'networkPolicy/policyTypes',
    ({ networkPolicy: { enabled, policyTypes } }) =>
      enabled && policyTypes.length === 0 && '[] must name a direction; without any, disable the policy',
  ],
  [
    'readinessProbe/initialDelaySeconds',
    ({ readinessProbe: { enabled, initialDelaySeconds } }, operationSeconds) =>
      enabled && initialDelaySeconds >= operationSeconds && `${initialDelaySeconds} ${mustBeBelow(operationSeconds)}`,
  ],
  [
    'flushInterval',
    ({ flushInterval }, operationSeconds) =>
      flushInterval + GRACE_AFTER_FLUSH >= operationSeconds &&
      `${flushInterval} ${mustBeBelow(operationSeconds - GRACE_AFTER_FLUSH)}`,
  ],
]

const mustBeBelow = (seconds: number) =>
  `must be less than ${seconds}: no restart would be done in the time that an operation has`

function fixed({ replicaCount = 1, storage }: Fixed): FieldError[] {
  const errors: FieldError[] = []
  if (replicaCount !== 1) {
    errors.push({ pointer: 'replicaCount', message: `${replicaCount} must be 1: the database does not scale out` })
  }
  const modes = (storage as Fixed['storage'])?.accessModes ?? ['ReadWriteOnce']
  if (modes.length !== 1 || modes[0] !== 'ReadWriteOnce') {
    const message = `${JSON.stringify(modes)} must be ["ReadWriteOnce"]: one database writes to a volume`
    errors.push({ pointer: 'storage/accessModes', message })
  }
  return errors
}

function sizes({ storage, resources }: Asked, ram: bigint): FieldError[] {
  const errors: FieldError[] = []
  const wrong = (pointer: string, value: unknown, rule: string) =>
    errors.push({ pointer, message: `${JSON.stringify(value)} ${rule}` })
  if (typeof storage?.size === 'string') {
    const size = bytesOf(storage.size)
    const least = leastStorageFor(ram)
    if (size === undefined) wrong('storage/size', storage.size, 'is no size')
    else if (size < least) wrong('storage/size', storage.size, `must be at least 2 x RAM, ${formatBytes(least)}`)
  }
  const cpu = { request: resources?.requests?.cpu, limit: resources?.limits?.cpu }
  for (const [pointer, value] of [
    ['resources/requests/cpu', cpu.request],
    ['resources/limits/cpu', cpu.limit],
  ] as const) {
    if (typeof value === 'string' && (millicoresOf(value) ?? 0) <= 0)
      wrong(pointer, value, 'is no CPU quantity above 0')
  }
  return errors
}

function objects(userId: string, { secret }: Asked): FieldError[] {
  if (secret?.name !== namesFor(userId).secret) return []
  return [{ pointer: 'secret/name', message: `"${secret.name}" is the name of the service's own Secret` }]
}

/** Kubernetes takes null in a list for an item that says nothing, and so for a rule that lets everybody in. */
function nulls({ networkPolicy, tolerations, affinity }: Asked): FieldError[] {
  const { ingress, egress } = networkPolicy ?? {}
  const lists = { 'networkPolicy/ingress': ingress, 'networkPolicy/egress': egress, tolerations, affinity }
  return Object.entries(lists)
    .flatMap(([pointer, value]) => nullItems(pointer, value))
    .map((pointer) => ({ pointer, message: 'null must not stand in a list' }))
}

function nullItems(pointer: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, field]) => {
    const inner = `${pointer}/${pointerPart(key)}`
    return field === null && Array.isArray(value) ? [inner] : nullItems(inner, field)
  })
}

function labels({ labels, podLabels, podAnnotations }: Asked): FieldError[] {
  const errors: FieldError[] = []
  const wrong = (pointer: string, message: string) => errors.push({ pointer, message })
  if (Object.keys(labels ?? {}).length > MOST_LABELS) wrong('labels', `must be ${MOST_LABELS} at most`)
  for (const [key, value] of Object.entries(labels ?? {})) {
    const pointer = `labels/${pointerPart(key)}`
    if (!CALLER_LABEL.test(key)) wrong(pointer, 'the key must be letters, digits and `-`, `_`, `.`, at most 63')
    if (!LABEL_VALUE.test(value!)) wrong(pointer, 'the value must be letters, digits and `-`, `_`, `.`, at most 63')
  }
  for (const [option, map] of Object.entries({ podLabels, podAnnotations })) {
    for (const key of Object.keys(map ?? {}).filter(isReserved)) {
      wrong(`${option}/${pointerPart(key)}`, 'is reserved: by it the database and its tenant are found')
    }
  }
  return errors
}

/** A key as a part of a JSON pointer. */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
