import type { V1Ingress, V1NetworkPolicy, V1NetworkPolicyPort, V1ObjectMeta, V1Service } from '@kubernetes/client-node'
import { CHART_LABEL, HELM_ANNOTATIONS } from '../../manifests/helm.ts'
import { namesFor } from '../../manifests/names.ts'
import { type Asked, imageFrom, type Options } from '../../manifests/options.ts'
import { isReserved } from '../options/rules.ts'
import { type Database, dataClaim, type Found, hasOwnSecret } from './found.ts'
import { setByPeople } from './ownership.ts'

type Part<K extends keyof Asked> = NonNullable<Asked[K]>

/** Annotations that tools leave on what they write. */
const OF_TOOLS = /^(kubectl\.kubernetes\.io\/|checksum\/|deployment\.kubernetes\.io\/)/

/**
 * The options that say what is there, so that whatever renders the tenant later renders it as Helm had it. All but CPU, which
 * goes with the sizes. Pure.
 */
export function optionsFound(found: Found, database: Database): Asked {
  const { template } = found.deployment!.spec!
  const { nodeSelector, tolerations, affinity, priorityClassName, serviceAccountName } = template.spec!
  const { flushInterval } = database.launch
  return {
    image: imageOption(found, database),
    storage: storageOption(found, database),
    ...(hasOwnSecret(found.userId, database) ? {} : { secret: secretOption(database) }),
    ...(found.service ? { service: serviceOption(found.service) } : {}),
    ingress: found.ingress ? ingressOption(found.ingress) : { enabled: false },
    networkPolicy: found.networkPolicy ? policyOption(found.networkPolicy, database) : { enabled: false },
    ...probeOptions(database),
    podAnnotations: customised(template.metadata?.annotations),
    podLabels: customised(template.metadata?.labels),
    ...(nodeSelector ? { nodeSelector } : {}),
    // What is not there is said too: else a default of the operator would take its place.
    tolerations: tolerations ?? [],
    affinity: affinity ?? {},
    priorityClassName: priorityClassName || null,
    serviceAccountName: serviceAccountName && serviceAccountName !== 'default' ? serviceAccountName : null,
    ...(flushInterval === undefined ? {} : { flushInterval: Number(flushInterval) }),
    dataFolder: dataFolderOption(database),
  }
}

function imageOption({ deployment }: Found, { container }: Database): Options['image'] {
  const { imagePullSecrets = [] } = deployment!.spec!.template.spec!
  return {
    ...imageFrom(container.image ?? ''),
    pullPolicy: (container.imagePullPolicy ?? 'IfNotPresent') as Options['image']['pullPolicy'],
    pullSecrets: imagePullSecrets.map(({ name = '' }) => name),
  }
}

function storageOption(found: Found, database: Database): Part<'storage'> {
  const { claim } = database.launch.volume ?? {}
  if (claim === undefined) return { enabled: false }
  if (claim !== namesFor(found.userId).fullname) return { existingClaim: claim }
  return { storageClass: dataClaim(found, database)?.spec?.storageClassName ?? null }
}

function secretOption({ launch }: Database): Part<'secret'> {
  return { name: launch.key?.name ?? null, key: launch.key?.entry ?? '' }
}

function serviceOption({ metadata, spec }: V1Service): Part<'service'> {
  const type = spec?.type as Options['service']['type']
  return { type, port: spec?.ports?.[0]?.port ?? 0, annotations: customised(chosen(metadata)) }
}

function ingressOption({ metadata, spec }: V1Ingress): Part<'ingress'> {
  const hosts = (spec?.rules ?? []).map(({ host = '', http }) => ({
    host,
    paths: (http?.paths ?? []).map(({ path = '/', pathType }) => ({ path, pathType: pathType as 'Prefix' })),
  }))
  const tls = (spec?.tls ?? []).map(({ hosts: names = [], secretName }) => ({
    hosts: names,
    ...(secretName === undefined ? {} : { secretName }),
  }))
  const annotations = customised(chosen(metadata))
  return { enabled: true, className: spec?.ingressClassName ?? null, annotations, hosts, tls }
}

function policyOption({ spec }: V1NetworkPolicy, { container }: Database): Part<'networkPolicy'> {
  const { policyTypes = [], ingress = [], egress = [] } = spec ?? {}
  // The port of a later pod has another name.
  const numbered = ({ port, ...rest }: V1NetworkPolicyPort) => {
    const named = container.ports?.find(({ name }) => name === port)?.containerPort
    return { ...rest, ...(port === undefined ? {} : { port: named ?? port }) }
  }
  return {
    enabled: true,
    policyTypes: policyTypes as Options['networkPolicy']['policyTypes'],
    // client-node puts a line before names that are words of the language.
    ingress: ingress.map(({ _from, ports, ...rule }) => ({
      ...rule,
      ...(ports ? { ports: ports.map(numbered) } : {}),
      ...(_from === undefined ? {} : { from: _from }),
    })),
    egress,
  }
}

/** A probe by a command or by HTTP is this service's own kind: it finds out whether the database answers. */
function probeOptions({ container }: Database): Pick<Required<Asked>, 'livenessProbe' | 'readinessProbe'> {
  const { livenessProbe, readinessProbe } = container
  return {
    livenessProbe: livenessProbe
      ? {
          enabled: true,
          initialDelaySeconds: livenessProbe.initialDelaySeconds ?? 0,
          type: livenessProbe.tcpSocket ? 'tcp' : 'exec',
        }
      : { enabled: false },
    readinessProbe: readinessProbe
      ? { enabled: true, initialDelaySeconds: readinessProbe.initialDelaySeconds ?? 0 }
      : { enabled: false },
  }
}

/** The volume's root is the data folder wherever it is mounted, so a place that is none of ours may be another after a restart. */
function dataFolderOption({ launch }: Database): string {
  const folder = launch.volume?.mountPath ?? launch.dataFolder ?? DATA
  return folder === DATA || folder.startsWith(`${DATA}/`) ? folder : DATA
}
const DATA = '/data'

/** The annotations that Helm or a person has set; those of controllers change, and are theirs. */
function chosen(metadata: V1ObjectMeta | undefined): Record<string, string> {
  const names = setByPeople(metadata)
  const all = Object.entries(metadata?.annotations ?? {})
  return Object.fromEntries(names === undefined ? all : all.filter(([key]) => names.has(key)))
}

/** What its owner has chosen: without what Helm, Kubernetes and this service put there. */
function customised(map: Record<string, string> = {}): Record<string, string> {
  const isOfHelm = (key: string) => key === CHART_LABEL || HELM_ANNOTATIONS.some((one) => one === key)
  return Object.fromEntries(
    Object.entries(map).filter(([key]) => !isReserved(key) && !isOfHelm(key) && !OF_TOOLS.test(key)),
  )
}
