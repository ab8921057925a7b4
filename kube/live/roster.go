package live

import "k8s.io/apimachinery/pkg/types"

// roster is the version of each object that a feed holds. It is ordered by
// namespace, which is then held once for all objects in it.
type roster struct {
	spaces map[string]map[string]uint64
	size   int
}

func newRoster() *roster { return &roster{spaces: map[string]map[string]uint64{}} }

// of returns the version of an object, false if it is not held.
func (r *roster) of(name types.NamespacedName) (uint64, bool) {
	version, held := r.spaces[name.Namespace][name.Name]
	return version, held
}

func (r *roster) set(name types.NamespacedName, version uint64) {
	space := r.spaces[name.Namespace]
	if space == nil {
		space = map[string]uint64{}
		r.spaces[name.Namespace] = space
	}
	before := len(space)
	space[name.Name] = version
	r.size += len(space) - before
}

func (r *roster) remove(name types.NamespacedName) {
	space := r.spaces[name.Namespace]
	before := len(space)
	delete(space, name.Name)
	r.size += len(space) - before
	if len(space) == 0 {
		delete(r.spaces, name.Namespace)
	}
}

// names returns the names of all objects, in no order.
func (r *roster) names() []types.NamespacedName {
	all := make([]types.NamespacedName, 0, r.size)
	for namespace, space := range r.spaces {
		for name := range space {
			all = append(all, types.NamespacedName{Namespace: namespace, Name: name})
		}
	}
	return all
}
