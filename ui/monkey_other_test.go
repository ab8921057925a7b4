//go:build !linux

package ui_test

import "time"

// threadTime is not known here: only Linux tells how long one thread was at work.
func threadTime() time.Duration { return 0 }
