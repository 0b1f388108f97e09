import { AdmissionregistrationV1Api } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'

/** Has the API server refuse Secrets of this name, until the end of `t`, in words that quote their entry `secret-key`. */
export async function refuseSecrets(t: Test, { admin }: TestCluster, secret: string): Promise<void> {
  const admission = admin.config.makeApiClient(AdmissionregistrationV1Api)
  const name = `test-refuses-${secret}`
  await admission.createValidatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
        },
        matchConditions: [{ name: 'this-secret', expression: `object.metadata.name == "${secret}"` }],
        validations: [{ expression: 'false', messageExpression: '"it holds " + string(object.data["secret-key"])' }],
      },
    },
  })
  t.teardown(() => admission.deleteValidatingAdmissionPolicy({ name }))
  await admission.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
  })
  t.teardown(() => admission.deleteValidatingAdmissionPolicyBinding({ name }))

  const probe = { metadata: { name: secret }, data: { 'secret-key': btoa('a probe') } }
  const isInForce = async () => {
    try {
      await admin.core.createNamespacedSecret({ namespace: 'default', dryRun: 'All', body: probe })
      return false
    } catch (error) {
      if ((error as { body?: string }).body?.includes(`it holds ${btoa('a probe')}`)) return true
      throw error
    }
  }
  await until('the policy is in force', isInForce)
}
