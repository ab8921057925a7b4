package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
)

// profileVariable names a folder in the environment that profiles of the whole
// run are written to: where CPU and memory go, for those who work on that.
const profileVariable = "SEAWORTHY_PROFILE"

// garbage is how much, in percent of what is in use, may be thrown away before it
// is collected. A cluster is large and read in bursts: less than Go's 100 costs
// some CPU and keeps the peak down, of which operators have less.
const garbage = 25

// limitGarbage keeps the memory of the process down, unless the user has told the
// Go runtime otherwise.
func limitGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
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
		return errors.Join(pprof.Lookup("heap").WriteTo(memory, 0), memory.Close(), file.Close())
	}, nil
}
