{{/*
Written by `npm run charts`: change values.yaml, or tools/chart-values/values.tpl.

Every template begins with this. It makes .Values what they are meant to be, in place, so that twice is the same as once. Helm takes a
null for "without this key", or leaves it there, by its version and by where the chart is used; a release may reuse values from before
a key was there; and text may stand for a number or a boolean.
*/}}
{{- define "fluxiondb.values" -}}
{{- include "fluxiondb.fill" (dict "values" .Values "defaults" (include "fluxiondb.defaults" . | fromYaml)) }}
{{- end }}

{{/* Values that are missing or null are the defaults, and have the defaults' types. */}}
{{- define "fluxiondb.fill" -}}
{{- range $key, $default := .defaults }}
{{- $value := index $.values $key }}
{{- if kindIs "invalid" $value }}
{{- $_ := set $.values $key $default }}
{{- else if has $key (list ) }}
{{- /* As it is: a null in it has a meaning of its own. */}}
{{- else if or (eq $key "resources") (kindIs "slice" $value) (and (kindIs "map" $value) (not $default)) }}
{{- /* Nothing in it has a default. Of resources that is so as null says that there is none, as Helm's users expect. */}}
{{- include "fluxiondb.withoutNulls" $value }}
{{- else if kindIs "map" $value }}
{{- include "fluxiondb.fill" (dict "values" $value "defaults" $default) }}
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

{{- define "fluxiondb.withoutNulls" -}}
{{- $value := . }}
{{- if kindIs "map" $value }}
{{- range $key, $inner := $value }}
{{- if kindIs "invalid" $inner }}
{{- $_ := unset $value $key }}
{{- else }}
{{- include "fluxiondb.withoutNulls" $inner }}
{{- end }}
{{- end }}
{{- else if kindIs "slice" $value }}
{{- range $value }}
{{- include "fluxiondb.withoutNulls" . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "fluxiondb.defaults" -}}
replicaCount: 1
image:
  repository: volandoo/fluxiondb
  tag: latest
  pullPolicy: IfNotPresent
imagePullSecrets: []
nameOverride: ""
fullnameOverride: ""
serviceAccount:
  create: false
  name: ""
  annotations: {}
podAnnotations: {}
podLabels: {}
service:
  type: ClusterIP
  port: 8080
  annotations: {}
ingress:
  enabled: false
  className: ""
  annotations: {}
  hosts:
    - host: fluxiondb.example.com
      paths:
        - path: /
          pathType: Prefix
  tls: []
resources:
  requests:
    memory: 512Mi
    cpu: 250m
  limits:
    memory: 512Mi
    cpu: 1000m
livenessProbe:
  enabled: true
  initialDelaySeconds: 10
  type: exec
readinessProbe:
  enabled: true
  initialDelaySeconds: 5
persistence:
  enabled: true
  storageClass: ""
  accessModes:
    - ReadWriteOnce
  size: 10Gi
  existingClaim: ""
secret:
  create: true
  secretKey: ""
  name: ""
env:
  flushInterval: 15
  dataFolder: /data
networkPolicy:
  enabled: false
  policyTypes:
    - Ingress
    - Egress
  ingress: []
  egress: []
quota:
  enabled: false
priorityClassName: ""
nodeSelector: {}
tolerations: []
affinity: {}
{{- end }}
