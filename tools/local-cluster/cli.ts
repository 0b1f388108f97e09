import { parseArgs } from 'node:util'
import { type Cluster, down, status, up } from './cluster.ts'
import { withProgress } from './progress.ts'

const usage = `Usage: npm run cluster -- up|down|status [--name dev]

  up      start the cluster, or answer the one that runs
  down    stop it and remove all that it made
  status  tell whether it runs (exit code 1 if not)`

const commands = {
  async up(name: string): Promise<number> {
    console.log(table(await withProgress((report) => up({ name, report }))))
    return 0
  },

  async down(name: string): Promise<number> {
    await withProgress((report) => down({ name, report }))
    return 0
  },

  async status(name: string): Promise<number> {
    const cluster = await status(name)
    console.log(cluster ? table(cluster) : `cluster ${name} does not run`)
    return cluster ? 0 : 1
  },
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { name: { type: 'string', default: 'dev' }, help: { type: 'boolean' } },
  })
  const [command, ...rest] = positionals
  if (values.help || rest.length > 0 || !isCommand(command)) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  return commands[command](values.name)
}

function isCommand(word: string | undefined): word is keyof typeof commands {
  return word !== undefined && Object.hasOwn(commands, word)
}

function table(cluster: Cluster): string {
  const { expanding, fixed } = cluster.storageClasses
  const rows = {
    cluster: `${cluster.name} (${cluster.kind})`,
    about: cluster.description,
    kubeconfig: cluster.kubeconfig,
    image: cluster.image,
    'storage classes': `${expanding || 'none'} (grows), ${fixed || 'none'} (does not)`,
    'audit log': cluster.auditLog ?? 'none',
    processes: Object.entries(cluster.processes)
      .map(([component, pid]) => `${component} ${pid}`)
      .join(', '),
  }
  return Object.entries(rows)
    .map(([title, value]) => `${title.padEnd(16)} ${value}`)
    .join('\n')
}
