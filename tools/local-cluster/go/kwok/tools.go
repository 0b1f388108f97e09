//go:build tools

// Package kwok pins kwok, which says of nodes that they are ready and of their pods that they run.
package kwok

import _ "sigs.k8s.io/kwok/cmd/kwok"
