package score

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Again scores another result of the rules of this assessment, as if it had come
// after it: a namespace of which the result is the same keeps its scores. Policy is
// of the other result alone, and may be nil.
func (a *Assessment) Again(r *audit.Result, policy Policy) *Assessment {
	byName := make(map[string]*Namespace, len(a.Namespaces))
	for _, n := range a.Namespaces {
		byName[n.Name] = n
	}
	held := make(map[*audit.NamespaceResult]*Namespace, len(a.Namespaces))
	for _, result := range a.Result.Namespaces {
		if n := byName[cmp.Or(result.Name, ClusterWide)]; n != nil {
			held[result] = n
		}
	}
	return (&Assessor{policy: policy, held: held}).score(r)
}
