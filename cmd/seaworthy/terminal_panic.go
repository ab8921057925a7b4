package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// takePanics gives the terminal UI the panics of client-go's goroutines. What panicked
// does not go on: it would end the process before the terminal is given back.
func takePanics(report func(value any)) {
	live.OnPanic(func(value any) {
		report(value)
		select {}
	})
}

// reported writes the report of a crash of the terminal UI, and returns what to tell of
// it in a line. Any other error is returned as it is.
func (s *streams) reported(err error) error {
	var crash *ui.Crash
	if !errors.As(err, &crash) {
		return err
	}
	file, failed := s.writeCrash(crash)
	if failed != nil {
		return &exitError{exitCrash, fmt.Errorf("%w (its report could not be written: %w)", crash, failed)}
	}
	return &exitError{exitCrash, fmt.Errorf("%w; the terminal was given back, the report is %s", crash, file)}
}

// writeCrash writes a report, which has nothing of the cluster but the address of the
// screen and what the panic itself says, and returns where it is.
func (s *streams) writeCrash(crash *ui.Crash) (string, error) {
	folder, err := stateFolder(s.env)
	if err != nil {
		return "", err
	}
	now := s.now()
	text := strings.Join([]string{
		"seaworthy " + version(),
		"time       " + now.UTC().Format("2006-01-02T15:04:05Z"),
		"go         " + runtime.Version(),
		"system     " + runtime.GOOS + "/" + runtime.GOARCH,
		"terminal   TERM=" + s.env("TERM") + " TERM_PROGRAM=" + s.env("TERM_PROGRAM") + " COLORTERM=" + s.env("COLORTERM"),
		"screen     " + crash.Address,
		"while      " + crash.Where,
		"panic      " + crash.Value, "", crash.Stack,
	}, "\n")
	name := filepath.Join(folder, "panic-"+now.UTC().Format("20060102T150405.000Z")+".txt")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}
	if err := putNew(name, forOwner, []byte(text)); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}
	return name, nil
}
