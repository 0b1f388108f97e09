//go:build tools

// Package kubectl pins the kubectl with which tests and benchmarks do what people do.
package kubectl

import _ "k8s.io/kubernetes/cmd/kubectl"
