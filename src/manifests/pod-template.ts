import type {
  V1Container,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
  V1Volume,
} from '@kubernetes/client-node'
import { claimNameOf } from './claim.ts'
import type { Desired, Tenant } from './desired.ts'
import { annotations, labelsFor } from './labels.ts'
import { CONTAINER_NAME, DATABASE_PORT, DATABASE_PORT_NAME, namesFor } from './names.ts'
import { imageOf, type Options } from './options.ts'

/**
 * The version of what this file renders, sizes aside. Raise it with every change here: tenants made by an older one are told
 * `UpdateAvailable` and keep their pods. A unit test holds the hash of each version's output.
 */
export const RENDERER_VERSION = '1'

/** The database shall be given as long as it takes to flush once more after it was told to end, and this much on top (seconds). */
export const GRACE_AFTER_FLUSH = 5
/** Uid and gid of the image's user. */
const DATABASE_USER = 1000
const KEY_VARIABLE = 'FLUXIONDB_SECRET_KEY'

/** The pod of a tenant. It satisfies the restricted Pod Security Standard, which the namespace enforces. */
export function renderPodTemplate({ userId, desired }: Tenant): V1PodTemplateSpec {
  const { options, templateRevision } = desired
  return {
    metadata: {
      // Its own labels last: the selector and the policies go by them.
      labels: { ...options.podLabels, ...labelsFor(userId) },
      annotations: { ...options.podAnnotations, [annotations.templateRevision]: String(templateRevision) },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: options.flushInterval + GRACE_AFTER_FLUSH,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: DATABASE_USER,
        runAsGroup: DATABASE_USER,
        fsGroup: DATABASE_USER,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...renderPlacement(options),
      containers: [renderContainer(userId, desired)],
      volumes: [{ name: 'data', ...renderVolume(userId, desired) }],
    },
  }
}

/** Where and in whose name the pod runs; what is not asked for is left to Kubernetes. */
function renderPlacement(options: Options): Partial<V1PodSpec> {
  const { nodeSelector, tolerations, affinity, priorityClassName, serviceAccountName, image } = options
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(Object.keys(affinity).length === 0 ? {} : { affinity }),
    ...(priorityClassName === null ? {} : { priorityClassName }),
    ...(serviceAccountName === null ? {} : { serviceAccountName }),
    ...(image.pullSecrets.length === 0 ? {} : { imagePullSecrets: image.pullSecrets.map((name) => ({ name })) }),
  }
}

/** Without storage the data has a folder that ends with the pod, and no more room than a volume would have. */
function renderVolume(userId: string, desired: Desired): Omit<V1Volume, 'name'> {
  const claimName = claimNameOf(userId, desired)
  return claimName === undefined
    ? { emptyDir: { sizeLimit: desired.storageSize } }
    : { persistentVolumeClaim: { claimName } }
}

/** RAM is exact (request = limit), so that the node never has to take memory back; CPU may burst to its limit. */
export function renderResources(desired: Desired): V1ResourceRequirements {
  return {
    requests: { cpu: desired.cpu.request, memory: desired.memoryRequest ?? desired.ramSize },
    limits: { cpu: desired.cpu.limit, memory: desired.ramSize },
  }
}

function renderContainer(userId: string, desired: Desired): V1Container {
  const { image, secret, dataFolder, flushInterval } = desired.options
  return {
    name: CONTAINER_NAME,
    image: imageOf(image),
    imagePullPolicy: image.pullPolicy,
    // Arguments only: the image's entry point takes them, and a command would bypass it.
    args: [
      `--secret-key=$(${KEY_VARIABLE})`,
      `--data=${dataFolder}`,
      `--flush-interval=${flushInterval}`,
      `--port=${DATABASE_PORT}`,
    ],
    env: [
      {
        name: KEY_VARIABLE,
        valueFrom: { secretKeyRef: { name: secret.name ?? namesFor(userId).secret, key: secret.key } },
      },
    ],
    ports: [{ name: DATABASE_PORT_NAME, containerPort: DATABASE_PORT, protocol: 'TCP' }],
    resources: renderResources(desired),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ name: 'data', mountPath: dataFolder }],
    ...renderProbes(desired.options),
  }
}

/** The database listens only when it has loaded all data, however long that takes: half an hour, then it counts as stuck. */
function renderProbes({
  livenessProbe,
  readinessProbe,
}: Options): Pick<V1Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const tcp: V1Probe = { tcpSocket: { port: DATABASE_PORT_NAME } }
  const readiness = { ...tcp, ...delay(readinessProbe), periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 }
  const liveness = {
    ...(livenessProbe.type === 'exec' ? { exec: { command: ['/bin/bash', '-c', ANSWERS_HTTP] } } : tcp),
    ...delay(livenessProbe),
    periodSeconds: 20,
    timeoutSeconds: 10,
    failureThreshold: 6,
  }
  return {
    startupProbe: { ...tcp, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1800 },
    ...(readinessProbe.enabled ? { readinessProbe: readiness } : {}),
    ...(livenessProbe.enabled ? { livenessProbe: liveness } : {}),
  }
}

function delay({ initialDelaySeconds }: Options['readinessProbe']): Pick<V1Probe, 'initialDelaySeconds'> {
  return initialDelaySeconds === 0 ? {} : { initialDelaySeconds }
}

/** A frozen process still accepts connections, and the database answers 404 to HTTP: so any HTTP status line is a sign of life. */
const ANSWERS_HTTP = [
  `exec 3<>/dev/tcp/127.0.0.1/${DATABASE_PORT}`,
  "printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3",
  'IFS= read -r -t 8 line <&3',
  '[[ $line == HTTP/* ]]',
].join(' && ')
