//go:build tools

// Package kubeconform pins kubeconform, which holds what the charts render against Kubernetes' schemas.
package kubeconform

import _ "github.com/yannh/kubeconform/cmd/kubeconform"
