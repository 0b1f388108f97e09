import { OptionsSchema } from '../../src/manifests/options.ts'
import * as parts from './parts.ts'

const { annotations, cpu, flag, freeForm, freeForms, group, labels, list, name, oneOf, size, whole } = parts
const options = OptionsSchema.properties
const paths = options.ingress.properties.hosts.items.properties.paths.items.properties
const delay = whole(0, options.readinessProbe.properties.initialDelaySeconds.maximum!)
const resources = { cpu, memory: size }

/** The values of the chart `fluxiondb`, which are those of the original chart. */
export const fluxiondbValues = group({
  ...parts.ofHelm,
  replicaCount: whole(1, 1),
  image: group({ repository: parts.repository, tag: parts.tag, pullPolicy: parts.pullPolicy }),
  imagePullSecrets: parts.pullSecrets,
  nameOverride: parts.namePart,
  fullnameOverride: parts.namePart,
  serviceAccount: group({ create: flag, name, annotations }),
  podAnnotations: annotations,
  podLabels: labels,
  service: group({ type: parts.serviceType, port: parts.port, annotations }),
  ingress: group(
    {
      enabled: flag,
      className: name,
      annotations,
      hosts: list(
        group(
          {
            host: parts.host,
            paths: list(
              group(
                {
                  path: { type: 'string', pattern: paths.path.pattern },
                  pathType: oneOf(paths.pathType.anyOf.map(({ const: type }) => type)),
                },
                { required: ['path', 'pathType'] },
              ),
              { minItems: 1 },
            ),
          },
          { required: ['host'] },
        ),
      ),
      tls: list(
        group({ hosts: list(parts.host, { minItems: 1 }), secretName: parts.neededName }, { required: ['hosts'] }),
      ),
    },
    {
      if: { properties: { enabled: { enum: [true, 'true'] } }, required: ['enabled'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schemas
      then: { required: ['hosts'], properties: { hosts: { type: 'array', minItems: 1 } } },
    },
  ),
  resources: group(
    { requests: group(resources), limits: group(resources, { required: ['memory'] }) },
    { required: ['limits'] },
  ),
  livenessProbe: group({
    enabled: flag,
    initialDelaySeconds: delay,
    type: oneOf(options.livenessProbe.properties.type.anyOf.map(({ const: type }) => type)),
  }),
  readinessProbe: group({ enabled: flag, initialDelaySeconds: delay }),
  persistence: group({
    enabled: flag,
    storageClass: { ...name, pattern: `${name.pattern}|^-$` },
    accessModes: list({ const: 'ReadWriteOnce' }, { minItems: 1, maxItems: 1 }),
    size,
    existingClaim: name,
  }),
  secret: group({ create: flag, secretKey: parts.text, name }),
  env: group({
    flushInterval: whole(options.flushInterval.minimum!, options.flushInterval.maximum!),
    dataFolder: { type: 'string', maxLength: 255, pattern: '^(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$' },
  }),
  networkPolicy: group({
    enabled: flag,
    policyTypes: list(oneOf(['Ingress', 'Egress']), { uniqueItems: true }),
    ingress: freeForms,
    egress: freeForms,
  }),
  quota: group({ enabled: flag }),
  priorityClassName: name,
  nodeSelector: labels,
  tolerations: freeForms,
  affinity: freeForm,
})
