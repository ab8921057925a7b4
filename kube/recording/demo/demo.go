// Package demo is the recording that the program plays where there is no
// cluster: a shop of ten namespaces and fifty workloads with flaws that real
// shops have, and a quarter of an hour of its life.
//
// # What happens
//
// Somebody halves the memory limit of checkout/cart. Its pods are all made again,
// since its strategy is Recreate, and the kernel kills each of them; its Service has no
// endpoints, and the Ingress in front answers nobody. A minute later it is rolled back.
// Meanwhile and afterwards others change what audits look at: who may read secrets,
// whether a container has limits, how another is hardened.
//
// # Design
//
// The shop is written down in manifests, what happens to it in story, whose
// files begin with the second in which they are applied; those that end in
// .scenario.yaml are played as scenarios of the testbed, which say who did it. Both
// were run on the project's testbed, with nodes, controllers and metrics, and recorded
// from its API server by the same code that reads any other cluster. Nothing
// in the recording was written by hand, but its times were moved: the shop is as it
// was for six hours when the story begins, and ten minutes in which nothing happens but
// that triage comes to trust in it again are passed over (cmd/internal/record). To change the shop,
// edit the manifests and run go run ./cmd/internal/recorddemo.
package demo

import (
	"bytes"
	_ "embed"
	"io"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

//go:embed shop.seaworthy
var shop []byte

// New returns a source of the demo: of its last moment, unless it is told to play.
func New(options ...recording.Option) *recording.Source {
	return recording.New("demo", open, options...)
}

// NewPlayer returns what plays the demo as people watch it: as it happened, without
// waiting where minutes are passed over, and from the beginning again.
func NewPlayer() *recording.Player {
	return recording.NewPlayer("demo", open, recording.Start{Playing: true, Loop: true, Patience: 1500 * time.Millisecond})
}

func open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(shop)), nil }
