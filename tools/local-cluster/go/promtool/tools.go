//go:build tools

// Package promtool pins promtool, which checks the chart's alert rules and tries them on made-up series.
package promtool

import _ "github.com/prometheus/prometheus/cmd/promtool"
