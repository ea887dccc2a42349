{{/* Labels of everything of this release. */}}
{{- define "tocsin.labels" -}}
app.kubernetes.io/name: tocsin
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Labels by which the pods of a role are found; takes (list $ role). */}}
{{- define "tocsin.selector" -}}
app.kubernetes.io/name: tocsin
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The pod template of a role; takes (dict "root" $ "role" … "args" … "resources" … "serves" true). */}}
{{- define "tocsin.pod" -}}
metadata:
  labels:
    {{- include "tocsin.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
  annotations:
    # New configuration, new pods.
    checksum/config: {{ .root.Values.config | sha256sum }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  # Tocsin ends within ten seconds of SIGTERM.
  terminationGracePeriodSeconds: 20
  {{- if not .serves }}
  restartPolicy: OnFailure
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .role }}
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{- toYaml .args | nindent 8 }}
      envFrom:
        - secretRef: {name: {{ .root.Values.secretName }}}
      {{- if .serves }}
      ports:
        - {name: metrics, containerPort: 9464}
      startupProbe:
        httpGet: {path: /metrics, port: metrics}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 24
      # Not /healthz: what it tells of heals by itself once its cause is gone, and a restart would not help.
      livenessProbe:
        httpGet: {path: /metrics, port: metrics}
        periodSeconds: 20
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /healthz, port: metrics}
        periodSeconds: 10
        timeoutSeconds: 5
      {{- end }}
      resources: {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: config, mountPath: /etc/tocsin, readOnly: true}
        - {name: tmp, mountPath: /tmp}
        {{- with .root.Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap: {name: {{ .root.Release.Name }}-config}
    - name: tmp
      emptyDir: {}
    {{- with .root.Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* How many pages wait, as Prometheus knows. */}}
{{- define "tocsin.waiting" -}}
max(tocsin_waiting{what="pages", namespace="{{ .Release.Namespace }}"})
{{- end }}
