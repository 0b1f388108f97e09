import t from 'tap'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { createTenant, serveResizes } from '../../helpers/resized-tenant.ts'
import { WHOLE } from '../../helpers/whole.ts'

const TENANTS = 20
/** In each round a tenant takes the next of these, so that RAM grows and shrinks at once. */
const SIZES = ['640Mi', '384Mi', '896Mi', '512Mi', '1Gi', '448Mi', '768Mi', '320Mi', '960Mi', '576Mi']

/** Half of 200 changes, unless all is run. */
const ROUNDS = WHOLE ? SIZES.length : SIZES.length / 2

const cluster = await testCluster()

t.test(
  `${TENANTS * ROUNDS} changes of RAM, ${TENANTS} tenants at a time`,
  { skip: withoutResize(cluster) },
  async (t) => {
    const { api } = await serveResizes(t, cluster)
    const prefixes = Array.from({ length: TENANTS }, (_, index) => `many-${index}`)
    const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, api, prefix, '256Mi')))
    const before = await Promise.all(tenants.map(({ runs }) => runs()))
    for (let round = 0; round < ROUNDS; round++) {
      const sizeOf = (index: number) => SIZES[(round + index) % SIZES.length]!
      const changes = await Promise.all(tenants.map((tenant, index) => tenant.resize({ ramSize: sizeOf(index) })))
      t.match(
        changes.map(({ operation, truth }) => [operation.state, operation.outcome?.limits.memory, truth]),
        tenants.map((_, index) => ['succeeded', sizeOf(index), 'none']),
        `round ${round}`,
      )
    }
    t.strictSame(await Promise.all(tenants.map(({ runs }) => runs())), before, 'no restart, no other pod')
    const wrong = await Promise.all(tenants.map(({ whatIsWrong }) => whatIsWrong()))
    t.strictSame(wrong.flat(), [], 'one ReplicaSet each, none paused, actual as desired')
  },
)
