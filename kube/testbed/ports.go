package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// ports hands out free ports of 127.0.0.1. A port must be free again before the
// component that gets it can listen, so each is also claimed by a locked file in
// the cache: two testbeds that start at once never hand out the same.
type ports struct {
	folder   string
	releases []func()
}

func newPorts(cache string) (*ports, error) {
	folder := filepath.Join(cache, "ports")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for claimed ports: %w", err)
	}
	return &ports{folder: folder}, nil
}

func (p *ports) next() (int, error) {
	for range 50 {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("finding a free port: %w", err)
		}
		port := listener.Addr().(*net.TCPAddr).Port
		listener.Close()
		claim := filepath.Join(p.folder, strconv.Itoa(port))
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		unlock, err := lockFile(ctx, claim, nil)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("claiming port %d: %w", port, err)
		}
		p.releases = append(p.releases, func() {
			os.Remove(claim)
			unlock()
		})
		return port, nil
	}
	return 0, errors.New("finding a free port: other testbeds have claimed them")
}

// release gives all ports back.
func (p *ports) release() {
	for _, release := range p.releases {
		release()
	}
	p.releases = nil
}
