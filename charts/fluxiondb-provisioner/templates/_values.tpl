{{/*
Written by `npm run charts`: change values.yaml, or tools/chart-values/values.tpl.

Every template begins with this. It makes .Values what they are meant to be, in place, so that twice is the same as once. Helm takes a
null for "without this key", or leaves it there, by its version and by where the chart is used; a release may reuse values from before
a key was there; and text may stand for a number or a boolean.
*/}}
{{- define "fluxiondb-provisioner.values" -}}
{{- include "fluxiondb-provisioner.fill" (dict "values" .Values "defaults" (include "fluxiondb-provisioner.defaults" . | fromYaml)) }}
{{- end }}

{{/* Values that are missing or null are the defaults, and have the defaults' types. */}}
{{- define "fluxiondb-provisioner.fill" -}}
{{- range $key, $default := .defaults }}
{{- $value := index $.values $key }}
{{- if kindIs "invalid" $value }}
{{- $_ := set $.values $key $default }}
{{- else if has $key (list "policy") }}
{{- /* As it is: a null in it has a meaning of its own. */}}
{{- else if or (eq $key "resources") (kindIs "slice" $value) (and (kindIs "map" $value) (not $default)) }}
{{- /* Nothing in it has a default. Of resources that is so as null says that there is none, as Helm's users expect. */}}
{{- include "fluxiondb-provisioner.withoutNulls" $value }}
{{- else if kindIs "map" $value }}
{{- include "fluxiondb-provisioner.fill" (dict "values" $value "defaults" $default) }}
{{- else if and (kindIs "bool" $default) (kindIs "string" $value) }}
{{- $_ := set $.values $key (eq $value "true") }}
{{- else if and (kindIs "float64" $default) (kindIs "string" $value) }}
{{- $_ := set $.values $key (int64 $value) }}
{{- else if and (kindIs "string" $default) (has (kindOf $value) (list "float64" "int64")) }}
{{- /* Without an exponent, which a large number would be printed with. */}}
{{- $isWhole := eq (float64 $value) (floor $value) }}
{{- $_ := set $.values $key (ternary (int64 $value) $value $isWhole | toString) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "fluxiondb-provisioner.withoutNulls" -}}
{{- $value := . }}
{{- if kindIs "map" $value }}
{{- range $key, $inner := $value }}
{{- if kindIs "invalid" $inner }}
{{- $_ := unset $value $key }}
{{- else }}
{{- include "fluxiondb-provisioner.withoutNulls" $inner }}
{{- end }}
{{- end }}
{{- else if kindIs "slice" $value }}
{{- range $value }}
{{- include "fluxiondb-provisioner.withoutNulls" . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "fluxiondb-provisioner.defaults" -}}
nameOverride: ""
fullnameOverride: ""
extraLabels: {}
replicaCount: 2
image:
  repository: volandoo/fluxiondb-provisioner
  tag: ""
  digest: ""
  pullPolicy: IfNotPresent
  pullSecrets: []
settings: {}
databasePriorityClass:
  create: true
  name: ""
  value: 0
policy: {}
credentials: []
credentialsSecret: ""
serviceAccounts: []
serviceAccountAudience: ""
oidcCaConfigMap: ""
tls:
  secretName: ""
  clientCertificates: false
firstCredential:
  enabled: true
serviceAccount:
  name: ""
  annotations: {}
service:
  type: ClusterIP
  port: 80
  annotations: {}
ingress:
  enabled: false
  className: ""
  annotations: {}
  hosts: []
  tls: []
networkPolicy:
  enabled: false
  from: []
  apiServer: []
  apiServerPorts:
    - 443
    - 6443
  egress: []
serviceMonitor:
  enabled: false
  interval: 30s
  labels: {}
  tlsConfig: {}
  credential:
    secret: ""
    key: key
alerts:
  enabled: false
  labels: {}
dashboard:
  enabled: false
  labels:
    grafana_dashboard: "1"
resources:
  requests:
    cpu: 100m
    memory: 256Mi
  limits:
    memory: 512Mi
preStopSeconds: 5
podAnnotations: {}
podLabels: {}
priorityClassName: ""
nodeSelector: {}
tolerations: []
affinity: {}
{{- end }}
