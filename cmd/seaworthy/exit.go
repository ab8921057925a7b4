package main

import (
	"context"
	"errors"
	"fmt"
)

// The exit codes, which scripts rely on.
const (
	exitClean    = 0
	exitFindings = 1 // findings at or over --fail-on
	exitUsage    = 2
	exitBlind    = 3  // could not look, or not at enough
	exitScore    = 4  // score under --min-score
	exitCrash    = 70 // the program itself failed (EX_SOFTWARE of sysexits.h)
)

// exitError is an error that decides the exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usagef returns an error about how the program was called.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// couldNotLook marks an error as one that kept the program from looking.
func couldNotLook(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitBlind, err}
}

// codeOf returns the exit code of what a command returned. An error that says
// nothing of its own means that nothing could be looked at.
func codeOf(err error) int {
	var coded *exitError
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, context.Canceled):
		return 130 // 128 + SIGINT, as shells have it
	}
	return exitBlind
}
