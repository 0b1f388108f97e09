{{- define "fluxiondb-provisioner.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Cut to 55, so that the scratch namespace's suffix still fits into 63. A release that has the chart's name gives its own. */}}
{{- define "fluxiondb-provisioner.fullname" -}}
{{- $name := include "fluxiondb-provisioner.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 55 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 55 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 55 | trimSuffix "-" }}
{{- end }}
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

{{- define "fluxiondb-provisioner.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{/* A Deployment's selector cannot be changed: never add to these. */}}
{{- define "fluxiondb-provisioner.selectorLabels" -}}
app.kubernetes.io/name: {{ include "fluxiondb-provisioner.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "fluxiondb-provisioner.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "fluxiondb-provisioner.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
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
