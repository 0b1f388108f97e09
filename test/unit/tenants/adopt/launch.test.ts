import type { V1Container } from '@kubernetes/client-node'
import t from 'tap'
import { launchOf } from '../../../../src/tenants/adopt/launch.ts'

const KEY = { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'master' } } }
const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'claim' } }, { name: 'other' }]
const launch = (container: Partial<V1Container>) =>
  launchOf({ containers: [], volumes }, { name: 'fluxiondb', ...container })

/** The same start, written in the ways that there are. */
const WAYS: Record<string, Partial<V1Container>> = {
  'flags with `=`': { args: ['--secret-key=$(KEY)', '--data=/data', '--flush-interval=15'] },
  'flags and values apart': { args: ['--secret-key', '$(KEY)', '--data', '/data', '--flush-interval', '15'] },
  'a command': { command: ['./build/fluxiondb', '--secret-key', '$(KEY)', '--data', '/data', '--flush-interval=15'] },
  'a shell': {
    command: ['sh', '-c'],
    args: ['exec ./fluxiondb --secret-key="$KEY" --data $FOLDER --flush-interval 15'],
  },
  variables: { args: ['--secret-key=$(KEY)', '--data=$(FOLDER)', '--flush-interval=$(SECONDS)'] },
}

for (const [way, container] of Object.entries(WAYS)) {
  t.test(`reads ${way}`, async (t) => {
    const env = [{ name: 'FOLDER', value: '/data' }, KEY, { name: 'SECONDS', value: '15' }]
    const volumeMounts = [
      { name: 'other', mountPath: '/other' },
      { name: 'data', mountPath: '/data' },
    ]
    t.strictSame(launch({ env, volumeMounts, ...container }), {
      dataFolder: '/data',
      flushInterval: '15',
      key: { name: 'keys', entry: 'master' },
      volume: { mountPath: '/data', subPath: false, claim: 'claim' },
    })
  })
}

t.test('tells a key that is in no Secret from one that is', async (t) => {
  t.equal(launch({ args: ['--secret-key=plain'], env: [KEY] }).key, undefined)
  t.equal(launch({ args: ['--secret-key=$(OTHER)'], env: [KEY, { name: 'OTHER', value: 'plain' }] }).key, undefined)
})

t.test('finds the volume by its claim where the database was told no folder', async (t) => {
  const volumeMounts = [{ name: 'data', mountPath: '/var/lib' }]
  t.match(launch({ args: ['--secret-key=$(KEY)'], volumeMounts }), {
    dataFolder: undefined,
    volume: { claim: 'claim' },
  })
})

t.test('finds a folder below the place where the volume is mounted', async (t) => {
  const volumeMounts = [{ name: 'data', mountPath: '/data' }]
  t.match(launch({ args: ['--data=/data/a'], volumeMounts }), { dataFolder: '/data/a', volume: { mountPath: '/data' } })
  t.equal(launch({ args: ['--data=/database'], volumeMounts }).volume, undefined)
})
