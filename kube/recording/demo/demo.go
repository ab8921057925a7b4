// Package demo is the recording that the program plays where there is no
// cluster: a shop of ten namespaces and fifty workloads with flaws that real
// shops have, and a few minutes of its life.
//
// # Design
//
// The shop is written down in manifests, what happens to it in story, whose
// files begin with the second in which they are applied. Both were run on the
// project's testbed, with nodes, controllers and metrics, and recorded from its
// API server by the same code that reads any other cluster. Nothing
// in the recording was written by hand. To change the shop, edit the manifests
// and run go run ./cmd/internal/recorddemo.
package demo

import (
	"bytes"
	_ "embed"
	"io"

	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

//go:embed shop.seaworthy
var shop []byte

// New returns a source that plays the demo, from its first moment on and over
// again if it is told to.
func New(options ...recording.Option) *recording.Source {
	return recording.New("demo", open, options...)
}

// NewPlayer returns what plays the demo as it is told.
func NewPlayer(start recording.Start) *recording.Player {
	return recording.NewPlayer("demo", open, start)
}

func open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(shop)), nil }
