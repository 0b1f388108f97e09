package main

import (
	"os"
	"strconv"
	"strings"
)

// Above this a cgroup v1 limit means that there is none: the kernel then reports the largest number of whole pages.
const unlimited = 1 << 62

// memoryLimit reads the container's memory limit in bytes, nil if it has none. It is only reported, never obeyed: the
// real database reads no limit. It is read anew each time, because a pod can be resized in place.
func memoryLimit() *int64 {
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64)
		if err != nil || limit >= unlimited {
			return nil
		}
		return &limit
	}
	return nil
}
