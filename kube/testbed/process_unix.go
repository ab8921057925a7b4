//go:build unix && !linux

package main

import "syscall"

// childAttributes gives each child a process group of its own.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(pid int, signal syscall.Signal) error { return syscall.Kill(-pid, signal) }
