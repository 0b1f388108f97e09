/** Fields of Kubernetes objects, and where in a request they come from. The first that fits. */
const FIELDS: Readonly<Record<string, readonly (readonly [field: RegExp, pointer: string])[]>> = {
  Pod: [
    [/^metadata\.labels/, 'podLabels'],
    [/^metadata\.annotations/, 'podAnnotations'],
    [/^spec\.containers\[0\]\.image$/, 'image'],
    [/^spec\.imagePullSecrets\[(\d+)\].*/, 'image.pullSecrets.$1'],
    [/^spec\.containers\[0\]\.resources\.(requests|limits).*/, 'resources.$1.cpu'],
    [/^spec\.containers\[0\]\.(livenessProbe|readinessProbe)/, '$1'],
    [/^spec\.containers\[0\]\.env\[0\]\.valueFrom\.secretKeyRef\./, 'secret.'],
    [/^spec\.volumes\[0\].*/, 'storage'],
    [/^spec\.(nodeSelector|tolerations|affinity|priorityClassName|serviceAccountName)/, '$1'],
  ],
  Service: [
    [/^metadata\.annotations/, 'service.annotations'],
    [/^spec\.ports\[0\]\.port$/, 'service.port'],
    [/^spec\.type$/, 'service.type'],
  ],
  NetworkPolicy: [[/^spec\.(policyTypes|ingress|egress)/, 'networkPolicy.$1']],
  Ingress: [
    [/^metadata\.annotations/, 'ingress.annotations'],
    [/^spec\.ingressClassName$/, 'ingress.className'],
    [/^spec\.rules\[(\d+)\]\.http/, 'ingress.hosts.$1'],
    [/^spec\.rules\[(\d+)\]/, 'ingress.hosts.$1'],
    [/^spec\.tls/, 'ingress.tls'],
  ],
}

/** The JSON pointer into a request for a field that Kubernetes names, such as `spec.tolerations[0].effect` of a Pod. */
export function pointerFor(kind: string, field: string): string {
  for (const [pattern, pointer] of FIELDS[kind] ?? []) {
    if (!pattern.test(field)) continue
    const path = field.replace(pattern, pointer).replace(/\[(\w+)\]/g, '.$1')
    return `/options/${path.split('.').filter(Boolean).join('/')}`
  }
  return '/options'
}
