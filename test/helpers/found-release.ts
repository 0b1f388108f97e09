/** A release of the original chart as an API server would show it, for the pure modules of taking over. */

import type { V1Deployment, V1PersistentVolumeClaim, V1PodTemplateSpec, V1Service } from '@kubernetes/client-node'
import { namesFor } from '../../src/manifests/names.ts'
import type { Found } from '../../src/tenants/adopt/found.ts'

const USER = 'user123'
const { namespace, release, fullname, secret } = namesFor(USER)
export const SELECTOR = { 'app.kubernetes.io/name': 'fluxiondb', 'app.kubernetes.io/instance': release }
const LABELS = { ...SELECTOR, 'helm.sh/chart': 'fluxiondb-0.1.0', 'app.kubernetes.io/managed-by': 'Helm' }
const MARKS = { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': namespace }
const metadata = (name = fullname) => ({ name, namespace, labels: { ...LABELS }, annotations: { ...MARKS } })

/** The quick start: 2Gi as the limit only, 4Gi of storage. Change what shall be different. */
export function foundRelease(change: (found: Mutable) => void = () => {}): Found {
  const found: Mutable = {
    userId: USER,
    namespace: { metadata: { name: namespace } },
    deployment: deployment(),
    replicaSets: [],
    pods: [{ metadata: { name: 'pod', labels: LABELS }, status: { phase: 'Running' } }],
    claims: [claim()],
    service: service(),
    networkPolicy: undefined,
    ingress: undefined,
    roleBinding: undefined,
  }
  change(found)
  const { template, replicas } = found.deployment?.spec ?? {}
  // As its controller keeps it, unless the test says otherwise.
  if (found.replicaSets.length === 0 && template) {
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: fullname, uid: 'uid', controller: true }
    const spec = { selector: {}, replicas: replicas ?? 1, template: structuredClone(template) }
    found.replicaSets = [{ metadata: { name: 'rs', ownerReferences: [owner] }, spec }]
  }
  return found
}

type Mutable = { -readonly [Part in keyof Found]: Found[Part] extends readonly (infer Item)[] ? Item[] : Found[Part] }

function deployment(): V1Deployment {
  return {
    metadata: { ...metadata(), uid: 'uid', generation: 1 },
    spec: {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      selector: { matchLabels: { ...SELECTOR } },
      template: template(),
    },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
  }
}

function template(): V1PodTemplateSpec {
  return {
    metadata: { labels: { ...LABELS } },
    spec: {
      containers: [
        {
          name: 'fluxiondb',
          image: 'volandoo/fluxiondb:1.2',
          imagePullPolicy: 'Always',
          command: ['./build/fluxiondb'],
          args: ['--secret-key', '$(SECRET_KEY)', '--data=$(DATA_FOLDER)', '--flush-interval', '20'],
          env: [
            { name: 'SECRET_KEY', valueFrom: { secretKeyRef: { name: secret, key: 'secret-key' } } },
            { name: 'DATA_FOLDER', value: '/data' },
          ],
          ports: [{ name: 'http', containerPort: 8080 }],
          livenessProbe: { tcpSocket: { port: 'http' }, initialDelaySeconds: 10 },
          readinessProbe: { tcpSocket: { port: 'http' }, initialDelaySeconds: 5 },
          resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: '1', memory: '2Gi' } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: fullname } }],
    },
  }
}

function claim(): V1PersistentVolumeClaim {
  return {
    metadata: metadata(),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast-ssd',
      resources: { requests: { storage: '4Gi' } },
    },
    status: { phase: 'Bound', capacity: { storage: '4Gi' } },
  }
}

function service(): V1Service {
  return {
    metadata: metadata(),
    spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 8080, targetPort: 'http' }], selector: { ...SELECTOR } },
  }
}
