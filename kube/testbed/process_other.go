//go:build !unix

package main

import (
	"os"
	"syscall"
)

func childAttributes() *syscall.SysProcAttr { return nil }

// signalGroup can only end the process: there are no signals to be polite with.
func signalGroup(pid int, _ syscall.Signal) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill()
}
