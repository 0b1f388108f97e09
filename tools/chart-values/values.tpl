{{/*
Written by `npm run charts`: change values.yaml, or tools/chart-values/values.tpl.

Every template begins with this. It makes .Values what they are meant to be, in place, so that twice is the same as once. Helm takes a
null for "without this key", or leaves it there, by its version and by where the chart is used; a release may reuse values from before
a key was there; and text may stand for a number or a boolean.
*/}}
{{- define "@chart@.values" -}}
{{- include "@chart@.fill" (dict "values" .Values "defaults" (include "@chart@.defaults" . | fromYaml)) }}
{{- end }}

{{/* Values that are missing or null are the defaults, and have the defaults' types. */}}
{{- define "@chart@.fill" -}}
{{- range $key, $default := .defaults }}
{{- $value := index $.values $key }}
{{- if kindIs "invalid" $value }}
{{- $_ := set $.values $key $default }}
{{- else if has $key (list @whole@) }}
{{- /* As it is: a null in it has a meaning of its own. */}}
{{- else if or (eq $key "resources") (kindIs "slice" $value) (and (kindIs "map" $value) (not $default)) }}
{{- /* Nothing in it has a default. Of resources that is so as null says that there is none, as Helm's users expect. */}}
{{- include "@chart@.withoutNulls" $value }}
{{- else if kindIs "map" $value }}
{{- include "@chart@.fill" (dict "values" $value "defaults" $default) }}
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

{{- define "@chart@.withoutNulls" -}}
{{- $value := . }}
{{- if kindIs "map" $value }}
{{- range $key, $inner := $value }}
{{- if kindIs "invalid" $inner }}
{{- $_ := unset $value $key }}
{{- else }}
{{- include "@chart@.withoutNulls" $inner }}
{{- end }}
{{- end }}
{{- else if kindIs "slice" $value }}
{{- range $value }}
{{- include "@chart@.withoutNulls" . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "@chart@.defaults" -}}
@defaults@
{{- end }}
