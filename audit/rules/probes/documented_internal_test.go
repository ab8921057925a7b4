package probes

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestProgramsAreDistinct holds the table to what its fields say: an image has one
// entry, and nothing is restarted by what only keeps traffic away.
func TestProgramsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range programs() {
		if p.ready == p.live {
			t.Errorf("%v: %v is for both probes", p.images, p.ready)
		}
		for _, e := range []endpoint{p.ready, p.live} {
			if e != (endpoint{}) && (!strings.HasPrefix(e.path, "/") || e.port <= 0) {
				t.Errorf("%v: %v is no endpoint", p.images, e)
			}
		}
		for _, image := range p.images {
			if seen[image] || kube.RepositoryOf(image) != image {
				t.Errorf("%s is there twice, or is no repository", image)
			}
			seen[image] = true
		}
	}
	if len(seen) == 0 {
		t.Error("there are no programs")
	}
}
