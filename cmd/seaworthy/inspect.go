package main

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// objectsOf returns who reads single objects of a source: the server behind it, or the
// manifests; nil for recordings, which hold nothing but their views.
func objectsOf(source kube.Source) screen.Inspector {
	switch source := source.(type) {
	case *live.Source:
		return source
	case *manifest.Source:
		return written{source}
	case *prometheus.Source:
		return objectsOf(source.Inner())
	}
	return nil
}

// written reads objects of manifests, to which nothing happens.
type written struct{ *manifest.Source }

// errNothingRuns is why manifests have no logs.
var errNothingRuns = errors.New("nothing of manifests runs: there is no log")

// Events returns none.
func (written) Events(context.Context, []kube.Ref) ([]*corev1.Event, error) { return nil, nil }

// Logs has none.
func (written) Logs(context.Context, kube.LogRequest, func(kube.LogLine)) error {
	return errNothingRuns
}
