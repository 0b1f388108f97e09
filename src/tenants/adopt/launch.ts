import type { V1Container, V1EnvVar, V1PodSpec } from '@kubernetes/client-node'

/** How a database is started, as its pod says: by flags, into which variables are put. */
export type Launch = {
  /** Where it keeps its data; undefined: in memory only. */
  dataFolder: string | undefined
  /** As it stands there. */
  flushInterval: string | undefined
  /** The entry of a Secret that holds its key; undefined: the key is no entry of a Secret. */
  key: { name: string; entry: string } | undefined
  /** The volume that the data is on: where it is mounted, and its claim if it has one. */
  volume: { mountPath: string; subPath: boolean; claim: string | undefined } | undefined
}

/** Reads it from the container of a pod. Pure. */
export function launchOf({ volumes = [] }: V1PodSpec, container: V1Container): Launch {
  const { command = [], args = [], env = [], volumeMounts = [] } = container
  const words = [...command, ...args].join(' ').split(/\s+/)
  const dataFolder = flag(words, '--data', env)
  const mount =
    volumeMounts.find(({ mountPath }) => mountPath === dataFolder) ??
    volumeMounts.find(({ mountPath }) => dataFolder?.startsWith(`${mountPath}/`)) ??
    (dataFolder === undefined ? volumeMounts.find(({ name }) => isClaimed(name)) : undefined)
  function isClaimed(volume: string): boolean {
    return volumes.some(({ name, persistentVolumeClaim }) => name === volume && persistentVolumeClaim !== undefined)
  }
  return {
    dataFolder,
    flushInterval: flag(words, '--flush-interval', env),
    key: keyIn(words, env),
    volume: mount && {
      mountPath: mount.mountPath,
      subPath: mount.subPath !== undefined || mount.subPathExpr !== undefined,
      claim: volumes.find(({ name }) => name === mount.name)?.persistentVolumeClaim?.claimName,
    },
  }
}

/** The value of `--flag value` or `--flag=value`. Of a variable, what the pod says that it is. */
function flag(words: readonly string[], name: string, env: readonly V1EnvVar[]): string | undefined {
  const word = wordAfter(words, name)
  return word?.replace(VARIABLE, (_, variable) => env.find((one) => one.name === variable)?.value ?? '')
}

function wordAfter(words: readonly string[], name: string): string | undefined {
  const index = words.findIndex((word) => word === name || word.startsWith(`${name}=`))
  if (index === -1) return undefined
  return words[index] === name ? words[index + 1] : words[index]!.slice(name.length + 1)
}

/** As Kubernetes writes a variable, or a shell. */
const VARIABLE = /\$[({]?(\w+)[)}]?/g

function keyIn(words: readonly string[], env: readonly V1EnvVar[]): Launch['key'] {
  const [, named] = new RegExp(VARIABLE.source).exec(wordAfter(words, '--secret-key') ?? '') ?? []
  const { name, key } = env.find((one) => one.name === named)?.valueFrom?.secretKeyRef ?? {}
  return name && key ? { name, entry: key } : undefined
}
