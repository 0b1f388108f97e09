import t from 'tap'
import { isAboutSecrets, resourceOf } from '../../../src/kubernetes/resource.ts'

const RANCHER = '/k8s/clusters/c-m-abcd1234'
const KNOWN = {
  '/api/v1/namespaces/fluxiondb-x/pods/y/resize': 'pods/resize',
  '/api/v1/namespaces/fluxiondb-x/pods/y': 'pods',
  '/api/v1/namespaces/fluxiondb-x/secrets': 'secrets',
  '/api/v1/namespaces/fluxiondb-x/secrets/db-x': 'secrets',
  '/api/v1/namespaces/fluxiondb-x': 'namespaces',
  '/api/v1/namespaces': 'namespaces',
  '/api/v1/namespaces?labelSelector=a%3Db': 'namespaces',
  '/api/v1/pods': 'pods',
  '/api/v1/persistentvolumes/pv-1': 'persistentvolumes',
  '/apis/apps/v1/namespaces/fluxiondb-x/deployments/db-x': 'deployments',
  '/apis/apps/v1/deployments': 'deployments',
  '/apis/metrics.k8s.io/v1beta1/namespaces/fluxiondb-x/pods/y': 'pods',
  '/apis/storage.k8s.io/v1/storageclasses/fast': 'storageclasses',
  '/api/v1': 'discovery',
  '/apis': 'discovery',
  '/version': 'version',
}

t.test("names a call's resource without the names of tenants, behind a path too", async (t) => {
  for (const [path, resource] of Object.entries(KNOWN)) {
    t.equal(resourceOf(`https://cluster${path}`), resource, path)
    t.equal(resourceOf(`https://cluster${RANCHER}${path}`, RANCHER), resource, RANCHER + path)
  }
})

t.test('has one name for every address that it does not know, and takes it for one of Secrets', async (t) => {
  const unknown: [path: string, base: string][] = [
    [`${RANCHER}/api/v1/namespaces/fluxiondb-x/pods/y`, ''],
    ['/api/v1/namespaces/fluxiondb-x/pods/y', RANCHER],
    [`${RANCHER}5/api/v1/pods`, RANCHER],
    ['/api/namespaces/fluxiondb-x/secrets', ''],
    ['/apis/apps/deployments/db-x/v1', ''],
    ['/fluxiondb-x', ''],
    ['/', ''],
  ]
  for (const [path, base] of unknown) {
    t.equal(resourceOf(`https://cluster${path}`, base), 'unknown', `${path} under ${base}`)
    t.equal(isAboutSecrets(`https://cluster${path}`, base), true)
  }
})

t.test('knows what is about Secrets and what is not', async (t) => {
  for (const path of Object.keys(KNOWN)) {
    t.equal(isAboutSecrets(`https://cluster${RANCHER}${path}`, RANCHER), path.includes('/secrets'), path)
  }
})
