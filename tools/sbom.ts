/**
 * `npm run sbom`: prints what the service's image is made of, as CycloneDX: the packages that it holds, and Node. The same checkout
 * gives the same text, as the image itself is the same. Libraries of the C runtime are those of the machine that builds it.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { neededPackages } from './images/packages.ts'
import { run } from './local-cluster/run.ts'

type Component = { 'bom-ref': string }
type Bom = {
  serialNumber?: string
  metadata: { timestamp?: string; component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

export async function sbom(): Promise<Bom> {
  const bom: Bom = JSON.parse(await run('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only']))
  const needed = new Set(await refsOf(await neededPackages()))
  const components = [...bom.components.filter((one) => needed.has(one['bom-ref'])), await node()]
  const refs = new Set([bom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])])
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
  const { serialNumber: _, metadata, ...rest } = bom
  const { timestamp: __, ...about } = metadata
  const told = { ...rest, metadata: about, components, dependencies }
  const hash = createHash('sha256').update(JSON.stringify(told)).digest('hex')
  return { ...told, serialNumber: `urn:uuid:${uuidOf(hash)}` }
}

/** `name@version` of the packages in these folders. */
export async function refsOf(folders: readonly string[]): Promise<string[]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'))
  return folders.map((folder) => `${folder.split('node_modules/').at(-1)}@${packages[folder].version}`)
}

/** The program that the image runs everything with, of the package that holds it. */
async function node() {
  const { version } = JSON.parse(await readFile('node_modules/node/package.json', 'utf8'))
  const purl = `pkg:generic/node@${version}`
  return { type: 'platform', 'bom-ref': purl, name: 'node', version, purl, licenses: [{ license: { id: 'MIT' } }] }
}

/** As version 8 has it: 122 bits of the maker's own. */
function uuidOf(hex: string): string {
  const [a, b, c, d, e] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20), hex.slice(20, 32)]
  return `${a}-${b}-8${c}-8${d}-${e}`
}

if (import.meta.main) console.log(JSON.stringify(await sbom(), null, 2))
