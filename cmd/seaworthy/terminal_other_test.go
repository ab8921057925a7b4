//go:build !linux

package main

// terminalCommands are those that only tests on a terminal of Linux run.
func terminalCommands() map[string]func() { return nil }
