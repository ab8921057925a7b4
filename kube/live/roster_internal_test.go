package live

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
)

// A roster is a map of names, whatever order things come in.
func TestRoster(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	r, want := newRoster(), map[types.NamespacedName]uint64{}
	for step := range 4000 {
		name := types.NamespacedName{Namespace: fmt.Sprint(random.IntN(4)), Name: fmt.Sprint(random.IntN(6))}
		if random.IntN(2) == 0 {
			r.remove(name)
			delete(want, name)
		} else {
			r.set(name, uint64(step))
			want[name] = uint64(step)
		}
		got := map[types.NamespacedName]uint64{}
		for _, held := range r.names() {
			got[held], _ = r.of(held)
		}
		_, has := r.of(name)
		_, wanted := want[name]
		if !maps.Equal(want, got) || r.size != len(want) || has != wanted || len(r.names()) != len(want) {
			t.Fatalf("step %d: %d of %d objects (-want +got):\n%s", step, r.size, len(want), cmp.Diff(want, got))
		}
	}
	for name := range want {
		r.remove(name)
	}
	if len(r.spaces) != 0 {
		t.Errorf("%d namespaces are remembered for nothing", len(r.spaces))
	}
}
