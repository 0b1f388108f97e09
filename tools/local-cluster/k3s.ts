import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { buildImages } from '../images/build.ts'
import type { Report } from '../report.ts'
import { kubernetesVersion } from './binaries.ts'
import type { Started } from './cluster.ts'
import type { State } from './state.ts'
import { startVolumes } from './volumes-process.ts'

// Untried: where this was written no Docker engine runs privileged containers. It needs a first run on a machine that
// has one.

const label = 'fluxiondb.com/local-cluster'
/** Tells, also after a start that failed half-way, that there may be a container. */
const marker = 'k3s'

const importing = ['ctr', '--namespace', 'k8s.io', 'images', 'import']

/** Why k3s can't be taken; undefined if it can. Pulls its image. */
export async function whyNoK3s(report: Report): Promise<string | undefined> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await testcontainers()
  try {
    await getContainerRuntimeClient()
  } catch {
    return 'no Docker engine answers, which k3s needs'
  }
  try {
    report('Try k3s', 'whether the Docker engine runs privileged containers')
    const container = new GenericContainer(await imageOfK3s()).withPrivilegedMode().withEntrypoint(['true'])
    await (await container.withWaitStrategy(Wait.forOneShotStartup()).start()).stop()
    return undefined
  } catch (error) {
    return `the Docker engine does not run k3s (${(error as Error).message})`
  }
}

/** Starts k3s in a container that outlives this process. Its volumes are those of our own volumes process. */
export async function startK3s(state: State, report: Report): Promise<Started> {
  const { standIn } = await buildImages(report)
  const volumes = state.path('volumes')
  await mkdir(volumes, { recursive: true })
  await mkdir(state.path('pki'), { recursive: true, mode: 0o700 })
  await writeFile(state.path(marker), '')

  report('Start k3s', await imageOfK3s())
  await testcontainers()
  const { K3sContainer } = await import('@testcontainers/k3s')
  const container = await new K3sContainer(await imageOfK3s())
    .withLabels({ [label]: state.mark })
    // Without traefik and metrics, as nothing here needs them; without local-path, which never grows a volume.
    .withCommand(['server', '--disable=traefik,metrics-server,local-storage'])
    // The volumes process makes the folders here; pods see them there, under the same path.
    .withBindMounts([
      { source: '/sys/fs/cgroup', target: '/sys/fs/cgroup' },
      { source: volumes, target: volumes },
    ])
    .withCopyFilesToContainer([{ source: standIn.archive, target: '/stand-in.tar' }])
    .start()
  const imported = await container.exec([...importing, '/stand-in.tar'])
  if (imported.exitCode !== 0) throw new Error(`k3s did not take the image ${standIn.ref}: ${imported.output}`)

  const kubeconfig = state.path('pki', 'admin.kubeconfig')
  await writeFile(kubeconfig, container.getKubeConfig(), { mode: 0o600 })
  await startVolumes(state, kubeconfig, kubeconfig)
  return { kubeconfig, image: standIn.ref }
}

/** Removes the container of this cluster, if there is one, and what its pods wrote: that may belong to other users. */
export async function removeK3s(state: State): Promise<void> {
  if (!existsSync(state.path(marker))) return
  const { getContainerRuntimeClient } = await testcontainers()
  const { container: containers } = await getContainerRuntimeClient()
  const container = await containers.fetchByLabel(label, state.mark)
  if (!container) return
  await containers.exec(container, ['sh', '-c', `rm -rf '${state.path('volumes')}'/*`])
  await containers.remove(container, { removeVolumes: true })
}

/** testcontainers' reaper removes containers when the process that started them ends, but a cluster is to stay. */
function testcontainers() {
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  return import('testcontainers')
}

async function imageOfK3s(): Promise<string> {
  return `rancher/k3s:${process.env.K3S_VERSION ?? `v${await kubernetesVersion()}-k3s1`}`
}
