{{- define "fluxiondb-provisioner.name" -}}
{{- $name := default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- if eq $name "fluxiondb" }}
{{- fail "nameOverride: by the name fluxiondb databases are found; give another, also where it is this chart's alias" }}
{{- end }}
{{- $name }}
{{- end }}

{{/* Cut to 55, so that the scratch namespace's suffix still fits into 63. A release that has the chart's name gives its own. */}}
{{- define "fluxiondb-provisioner.fullname" -}}
{{- $name := include "fluxiondb-provisioner.name" . }}
{{- $fullname := .Values.fullnameOverride }}
{{- if not $fullname }}
{{- $fullname = ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- end }}
{{- $fullname = $fullname | trunc 55 | trimSuffix "-" }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $fullname) }}
{{- fail (printf "fullnameOverride: the objects would be called %q, and a Service's name is of a-z, 0-9 and -, from a letter on" $fullname) }}
{{- end }}
{{- $fullname }}
{{- end }}

{{/* The role that the service binds itself to in each tenant's namespace. */}}
{{- define "fluxiondb-provisioner.tenantRole" -}}
{{- printf "%s-tenant" (include "fluxiondb-provisioner.fullname" .) }}
{{- end }}

{{- define "fluxiondb-provisioner.serviceAccountName" -}}
{{- default (include "fluxiondb-provisioner.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{/* Where the service asks the API server, by dry runs, what it thinks of a caller's options. */}}
{{- define "fluxiondb-provisioner.scratch" -}}
{{- printf "%s-scratch" (include "fluxiondb-provisioner.fullname" .) }}
{{- end }}

{{/* The Secret in which the service shows its first credential. The other one, which stays, has `-digest` after it. */}}
{{- define "fluxiondb-provisioner.firstCredential" -}}
{{- printf "%s-first-credential" (include "fluxiondb-provisioner.fullname" .) }}
{{- end }}

{{/* The audience of ServiceAccounts' tokens; empty: none are taken. */}}
{{- define "fluxiondb-provisioner.tokenAudience" -}}
{{- if or .Values.serviceAccountAudience .Values.serviceAccounts }}
{{- default (include "fluxiondb-provisioner.fullname" .) .Values.serviceAccountAudience }}
{{- end }}
{{- end }}

{{/* How the service is spoken to. */}}
{{- define "fluxiondb-provisioner.scheme" -}}
{{- ternary "https" "http" (ne .Values.tls.secretName "") }}
{{- end }}

{{/* The priority class of new databases; empty: none. */}}
{{- define "fluxiondb-provisioner.databasePriorityClass" -}}
{{- with .Values.databasePriorityClass }}
{{- default (ternary (printf "%s-database" (include "fluxiondb-provisioner.fullname" $)) "" .create) .name }}
{{- end }}
{{- end }}

{{/* A digest, be it in the tag, says which image runs. */}}
{{- define "fluxiondb-provisioner.image" -}}
{{- with .Values.image }}
{{- $tag := default (default $.Chart.AppVersion .tag) .digest }}
{{- printf "%s%s%s" .repository (ternary "@" ":" (hasPrefix "sha256:" $tag)) $tag }}
{{- end }}
{{- end }}

{{/* A setting as text. YAML reads `on` and `off` as booleans, and Helm every number of a file as a float. */}}
{{- define "fluxiondb-provisioner.setting" -}}
{{- if kindIs "bool" . }}
{{- ternary "on" "off" . }}
{{- else if kindIs "float64" . }}
{{- int64 . }}
{{- else }}
{{- . }}
{{- end }}
{{- end }}

{{/* A Deployment's selector cannot be changed: never add to these. */}}
{{- define "fluxiondb-provisioner.selectorLabels" -}}
app.kubernetes.io/name: {{ include "fluxiondb-provisioner.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* The chart's own come first: nobody takes them away, and no key is there twice. */}}
{{- define "fluxiondb-provisioner.labels" -}}
{{- include "fluxiondb-provisioner.labelsWith" (list . dict) }}
{{- end }}

{{/* The same with labels of this object alone: list context labels */}}
{{- define "fluxiondb-provisioner.labelsWith" -}}
{{- $context := first . }}
{{- $own := include "fluxiondb-provisioner.ownLabels" $context | fromYaml }}
{{- toYaml (merge $own (last .) $context.Values.extraLabels) }}
{{- end }}

{{- define "fluxiondb-provisioner.ownLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{ include "fluxiondb-provisioner.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What the restricted Pod Security Standard asks for, and a root file system that nobody can write to. */}}
{{- define "fluxiondb-provisioner.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "fluxiondb-provisioner.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
