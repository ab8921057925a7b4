//go:build !unix

package main

import "context"

// lockFile does nothing: without file locks two builds may do the same work, and
// the second to finish replaces the binary of the first.
func lockFile(context.Context, string, func()) (unlock func(), err error) {
	return func() {}, nil
}
