//go:build tools

// Package helmdocs pins helm-docs, which writes the charts' READMEs from the comments of their values.
package helmdocs

import _ "github.com/norwoodj/helm-docs/cmd/helm-docs"
