//go:build tools

// Package oasdiff pins oasdiff, which finds breaking changes of the OpenAPI document.
package oasdiff

import _ "github.com/oasdiff/oasdiff"
