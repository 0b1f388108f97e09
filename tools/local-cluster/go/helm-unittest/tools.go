//go:build tools

// Package helmunittest pins helm-unittest, which runs the unit tests of the charts' templates.
package helmunittest

import _ "github.com/helm-unittest/helm-unittest/cmd/helm-unittest"
