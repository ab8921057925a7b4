package kube

import (
	"context"
	"errors"
	"fmt"
)

// Source is where views come from: a cluster, manifests, a recording.
type Source interface {
	// Watch publishes views until ctx ends or nothing more can come, one at a
	// time and each newer than the one before, unless it was told to go back
	// (kube/recording.Player): then the generation is lower. The first may be incomplete
	// ([Cluster.Settled]). It returns nil when the source is exhausted, the
	// context's error when ctx ended, and any other error when nothing could
	// be read at all; what was published before stays valid.
	Watch(ctx context.Context, publish func(*Cluster)) error
}

// ErrNothingRead is returned by [Load] for a source that ended without a view.
var ErrNothingRead = errors.New("the source ended before it showed anything")

// Load reads a source once, until the first read of every resource has ended.
// Progress is told of every view on the way; it may be nil. If ctx ends first,
// the newest view is returned together with the context's error.
func Load(ctx context.Context, source Source, progress func(*Cluster)) (*Cluster, error) {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var latest *Cluster
	err := source.Watch(watching, func(c *Cluster) {
		latest = c
		if progress != nil {
			progress(c)
		}
		if c.Settled() {
			stop()
		}
	})
	switch {
	case latest != nil && latest.Settled():
		return latest, nil
	case err != nil:
		return latest, err
	case latest == nil:
		return nil, fmt.Errorf("loading: %w", ErrNothingRead)
	}
	return latest, nil
}

// Origin is where an object was written down.
type Origin struct {
	File string // as the user named it, "-" for standard input
	Line int    // the first line of the object's document, from 1
	// APIVersion is the version of its API that the object has there, which is
	// not the one that the view holds where that is newer; "" if it is not known.
	APIVersion string
	locate     func(path string) int
}

// NewOrigin returns an origin. Locate returns the line, from 1, of the deepest
// existing part of a field path; it may be nil.
func NewOrigin(file string, line int, locate func(path string) int) Origin {
	return Origin{File: file, Line: line, locate: locate}
}

// LineOf returns the line of a field ("spec.template.spec.containers[0].image"),
// or of its nearest existing parent.
func (o Origin) LineOf(path string) int {
	if o.locate == nil {
		return o.Line
	}
	return o.locate(path)
}
