{{- define "fluxiondb.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* A release that has the chart's name in its own is not given it twice. */}}
{{- define "fluxiondb.fullname" -}}
{{- $name := include "fluxiondb.name" . }}
{{- $fullname := .Values.fullnameOverride }}
{{- if not $fullname }}
{{- $fullname = ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- end }}
{{- $fullname = $fullname | trunc 63 | trimSuffix "-" }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $fullname) }}
{{- fail (printf "fullnameOverride: the objects would be called %q, and a Service's name is of a-z, 0-9 and -, from a letter on" $fullname) }}
{{- end }}
{{- $fullname }}
{{- end }}

{{/* A Deployment's selector cannot be changed: never add to these. */}}
{{- define "fluxiondb.selectorLabels" -}}
app.kubernetes.io/name: {{ include "fluxiondb.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* The pod's labels do not change with the chart's version: an upgrade that is about nothing else restarts nothing. */}}
{{- define "fluxiondb.podLabels" -}}
{{ include "fluxiondb.selectorLabels" . }}
app.kubernetes.io/component: database
{{- end }}

{{- define "fluxiondb.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{ include "fluxiondb.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "fluxiondb.metadata" -}}
name: {{ include "fluxiondb.fullname" . | quote }}
namespace: {{ .Release.Namespace | quote }}
labels:
  {{- include "fluxiondb.labels" . | nindent 2 }}
{{- end }}

{{- define "fluxiondb.secretName" -}}
{{- default (printf "%s-secrets" (include "fluxiondb.fullname" .)) .Values.secret.name }}
{{- end }}

{{- define "fluxiondb.claimName" -}}
{{- default (include "fluxiondb.fullname" .) .Values.persistence.existingClaim }}
{{- end }}

{{- define "fluxiondb.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "fluxiondb.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* With a tag, a digest or both. */}}
{{- define "fluxiondb.image" -}}
{{- with .Values.image }}
{{- printf "%s%s%s" .repository (ternary "@" ":" (hasPrefix "sha256:" .tag)) .tag }}
{{- end }}
{{- end }}

{{/* A quantity as bytes. Helm reads a large number as a float, which is printed with an exponent. */}}
{{- define "fluxiondb.bytes" -}}
{{- $units := dict "" 0 "k" 1 "M" 2 "G" 3 "T" 4 "P" 5 "E" 6 "Ki" 1 "Mi" 2 "Gi" 3 "Ti" 4 "Pi" 5 "Ei" 6 }}
{{- $number := regexFind "^[0-9.]+([eE][+]?[0-9]+)?" (toString .) }}
{{- $unit := trimPrefix $number (toString .) }}
{{- $bytes := float64 $number }}
{{- range until (get $units $unit) }}
{{- $bytes = mulf $bytes (ternary 1024 1000 (hasSuffix "i" $unit)) }}
{{- end }}
{{- $bytes }}
{{- end }}
