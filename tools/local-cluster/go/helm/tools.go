//go:build tools

// Package helm pins Helm, which renders the chart where no Helm is installed.
package helm

import _ "helm.sh/helm/v4/cmd/helm"
