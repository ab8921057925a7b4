package screen

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Judge assesses views as those that are shown were assessed, one after the other. It is
// for one goroutine at a time.
type Judge func(*kube.Cluster) (*score.Assessment, error)

// Scoped is a screen that is about a namespace, or about all of them.
type Scoped interface {
	Screen
	// Scope returns the namespace, [score.ClusterWide] among them; "" for all.
	Scope() string
}

// Nested is a screen that shows a part of itself larger at times.
type Nested interface {
	Screen
	// Leave goes back from the part to the whole, and reports whether there was one
	// to leave.
	Leave() bool
}

// Format is how a plan is written down.
type Format string

// The formats that a screen can ask for.
const (
	Patch     Format = "patch"
	Kubectl   Format = "kubectl"
	Kustomize Format = "kustomize"
)

// ExportMsg asks for a plan to be written down, by who started the program: a screen has
// no disk.
type ExportMsg struct {
	Plan   *plan.Plan // not empty
	Format Format
}

// WithoutFileNames leaves out the names of the file from a patch of one file: a
// patch needs them, a reader does not.
func WithoutFileNames(patch string) string {
	hunk := strings.Index(patch, "\n@@")
	if hunk < 0 || strings.Contains(patch[hunk:], "\n+++ ") {
		return patch
	}
	return patch[hunk+1:]
}
