{{- define "fluxiondb-provisioner.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Cut to 56, so that the tenant role's suffix still fits into 63. A release that has the chart's name gives its own. */}}
{{- define "fluxiondb-provisioner.fullname" -}}
{{- $name := include "fluxiondb-provisioner.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 56 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 56 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 56 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* The role that the service binds itself to in each tenant's namespace. */}}
{{- define "fluxiondb-provisioner.tenantRole" -}}
{{- printf "%s-tenant" (include "fluxiondb-provisioner.fullname" .) }}
{{- end }}

{{- define "fluxiondb-provisioner.serviceAccountName" -}}
{{- default (include "fluxiondb-provisioner.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{/* Never in a Deployment's selector: that cannot be changed, and these change with each version. */}}
{{- define "fluxiondb-provisioner.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "fluxiondb-provisioner.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
