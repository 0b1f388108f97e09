import type { V1Container, V1PodTemplateSpec, V1Probe, V1ResourceRequirements } from '@kubernetes/client-node'
import type { Desired, Tenant } from './desired.ts'
import { annotations, labelsFor } from './labels.ts'
import { CONTAINER_NAME, DATABASE_PORT, DATABASE_PORT_NAME, namesFor, SECRET_ENTRY } from './names.ts'

/**
 * The version of what this file renders, sizes aside. Raise it with every change here: tenants made by an older one are told
 * `UpdateAvailable` and keep their pods. A unit test holds the hash of each version's output.
 */
export const RENDERER_VERSION = '1'

/** The database shall be given as long as it takes to flush once more after it was told to end, and this much on top (seconds). */
const GRACE_AFTER_FLUSH = 5
/** Uid and gid of the image's user. */
const DATABASE_USER = 1000
const KEY_VARIABLE = 'FLUXIONDB_SECRET_KEY'

/** The pod of a tenant. It satisfies the restricted Pod Security Standard, which the namespace enforces. */
export function renderPodTemplate({ userId, desired }: Tenant): V1PodTemplateSpec {
  return {
    metadata: {
      labels: labelsFor(userId),
      annotations: { [annotations.templateRevision]: String(desired.templateRevision) },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: desired.flushIntervalSeconds + GRACE_AFTER_FLUSH,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: DATABASE_USER,
        runAsGroup: DATABASE_USER,
        fsGroup: DATABASE_USER,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [renderContainer(userId, desired)],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: namesFor(userId).fullname } }],
    },
  }
}

/** RAM is exact (request = limit), so that the node never has to take memory back; CPU may burst to its limit. */
export function renderResources(desired: Desired): V1ResourceRequirements {
  return {
    requests: { cpu: desired.cpu.request, memory: desired.ramSize },
    limits: { cpu: desired.cpu.limit, memory: desired.ramSize },
  }
}

function renderContainer(userId: string, desired: Desired): V1Container {
  return {
    name: CONTAINER_NAME,
    image: desired.image,
    imagePullPolicy: desired.imagePullPolicy,
    // Arguments only: the image's entry point takes them, and a command would bypass it.
    args: [
      `--secret-key=$(${KEY_VARIABLE})`,
      `--data=${desired.dataFolder}`,
      `--flush-interval=${desired.flushIntervalSeconds}`,
      `--port=${DATABASE_PORT}`,
    ],
    env: [
      {
        name: KEY_VARIABLE,
        valueFrom: { secretKeyRef: { name: namesFor(userId).secret, key: SECRET_ENTRY } },
      },
    ],
    ports: [{ name: DATABASE_PORT_NAME, containerPort: DATABASE_PORT, protocol: 'TCP' }],
    resources: renderResources(desired),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ name: 'data', mountPath: desired.dataFolder }],
    ...renderProbes(desired),
  }
}

/** The database listens only when it has loaded all data, however long that takes: half an hour, then it counts as stuck. */
function renderProbes(desired: Desired): Pick<V1Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const tcp: V1Probe = { tcpSocket: { port: DATABASE_PORT_NAME } }
  return {
    startupProbe: { ...tcp, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1800 },
    readinessProbe: { ...tcp, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: {
      ...(desired.livenessProbe === 'exec' ? { exec: { command: ['/bin/bash', '-c', ANSWERS_HTTP] } } : tcp),
      periodSeconds: 20,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
  }
}

/** A frozen process still accepts connections, and the database answers 404 to HTTP: so any HTTP status line is a sign of life. */
const ANSWERS_HTTP = [
  `exec 3<>/dev/tcp/127.0.0.1/${DATABASE_PORT}`,
  "printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3",
  'IFS= read -r -t 8 line <&3',
  '[[ $line == HTTP/* ]]',
].join(' && ')
