package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"strings"
	"sync"
)

// profileVariable names a folder in the environment that profiles of the whole
// run are written to: where CPU and memory go, for those who work on that.
const profileVariable = "SEAWORTHY_PROFILE"

// How much may be thrown away before it is collected. While a cluster is followed that
// is as much as is in use, up to so many bytes: as much again as a large cluster takes
// is more than an operator wants to spare, and to collect a tenth of it again and again
// costs more than all the rest, since each time everything is looked at.
const (
	spared       = 40 << 20
	sparedByMany = 80 << 20  // where more than many bytes are in use
	many         = 110 << 20 // of 40,000 pods
)

// In percent, which is what Go is told; 100 is what it takes unless it is told.
const (
	muchGarbage  = 400
	usualGarbage = 100
	small        = 64 << 20 // bytes in use
)

// limitGarbage keeps the memory of the process down from now on, while a cluster is
// followed. It is never assigned: it is a function that does so once, however often the
// program connects.
var limitGarbage = sync.OnceFunc(func() {
	adjustGarbage(usualGarbage, func(inUse uint64) int {
		allowed := uint64(spared)
		if inUse > many {
			allowed = sparedByMany
		}
		return int(100 * min(inUse, allowed) / max(inUse, 1)) //nolint:gosec // at most 100
	})
})

// allowGarbage is for what is soon over: collecting is a sixth of what reading
// manifests costs.
func allowGarbage() {
	adjustGarbage(usualGarbage, func(inUse uint64) int {
		if inUse > small {
			return usualGarbage
		}
		return muchGarbage
	})
}

// adjustGarbage sets how much may be thrown away by what is in use, after each
// collection, unless the user has told the Go runtime otherwise.
func adjustGarbage(percent int, wanted func(inUse uint64) int) {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	now := wanted(live[0].Value.Uint64())
	if now != percent {
		debug.SetGCPercent(now)
	}
	// Garbage itself tells when it has been collected.
	runtime.AddCleanup(&struct{ self *int }{}, func(percent int) { adjustGarbage(percent, wanted) }, now)
}

// startProfile begins to profile the process into a folder and returns what ends
// it; it does nothing for "".
func startProfile(folder string) (stop func() error, err error) {
	if folder == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(filepath.Join(folder, "cpu.pprof"))
	if err != nil {
		return nil, fmt.Errorf("writing a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("profiling: %w", err), file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		memory, err := os.Create(filepath.Join(folder, "memory.pprof"))
		if err != nil {
			return errors.Join(fmt.Errorf("writing a profile: %w", err), file.Close())
		}
		classes := os.WriteFile(filepath.Join(folder, "memory.txt"), memoryClasses(), 0o600)
		return errors.Join(pprof.Lookup("heap").WriteTo(memory, 0), memory.Close(), file.Close(), classes)
	}, nil
}

// memoryClasses lists what the Go runtime has taken from the system, by what it
// is for, in mebibytes: a profile of the heap shows objects alone.
func memoryClasses() []byte {
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		if strings.HasPrefix(d.Name, "/memory/classes/") {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	metrics.Read(samples)
	var text bytes.Buffer
	for _, s := range samples {
		fmt.Fprintf(&text, "%8.1f  %s\n", float64(s.Value.Uint64())/(1<<20), strings.TrimSuffix(strings.TrimPrefix(s.Name, "/memory/classes/"), ":bytes"))
	}
	return text.Bytes()
}
