package main

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
)

// holding is memory taken for nothing but to be taken. It is mapped directly, not on Go's heap: so it costs exactly
// what was asked for, and giving it back shows in the container's usage at once.
type holding struct {
	mutex  sync.Mutex
	memory []byte
	// size is read without the mutex: whoever asks must not wait until gigabytes are touched.
	size atomic.Int64
}

// set gives back what is held and then takes the given number of bytes. Beyond the container's limit it does not
// return: the kernel kills the process, which is what a test of that case wants.
func (h *holding) set(bytes int64) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.memory != nil {
		if err := syscall.Munmap(h.memory); err != nil {
			return err
		}
		h.memory = nil
		h.size.Store(0)
		debug.FreeOSMemory()
	}
	if bytes <= 0 {
		return nil
	}
	memory, err := syscall.Mmap(-1, 0, int(bytes), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return err
	}
	h.memory = memory
	h.size.Store(bytes)
	// A page takes memory only when it is first written.
	for offset := 0; offset < len(memory); offset += syscall.Getpagesize() {
		memory[offset] = 1
	}
	return nil
}
