package compare

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// side is one assessment with what is asked of it again and again.
type side struct {
	*score.Assessment
	scored  map[string]*score.Namespace // by name
	results map[string]*audit.NamespaceResult
	rules   map[string]*audit.Rule // those that were judged, by ID
	tallies map[string]map[string]*audit.Tally
	spaces  []string // the namespaces of the view, sorted
}

func newSide(a *score.Assessment) *side {
	s := &side{
		Assessment: a, scored: map[string]*score.Namespace{}, results: map[string]*audit.NamespaceResult{},
		rules: map[string]*audit.Rule{}, tallies: map[string]map[string]*audit.Tally{}, spaces: a.Cluster.NamespaceNames(),
	}
	for _, n := range a.Namespaces {
		s.scored[n.Name] = n
	}
	for _, n := range a.Result.Namespaces {
		s.results[n.Name] = n
	}
	for _, c := range a.Result.Categories {
		for _, r := range c.Rules {
			s.rules[r.ID] = r
		}
	}
	return s
}

// tally returns what became of a rule in a namespace, nil if nothing is said of it.
func (s *side) tally(namespace, rule string) *audit.Tally {
	known, ok := s.tallies[namespace]
	if !ok {
		known = map[string]*audit.Tally{}
		if n := s.results[namespace]; n != nil {
			for _, t := range n.Tallies {
				known[t.Rule.ID] = t
			}
		}
		s.tallies[namespace] = known
	}
	return known[rule]
}

// holds reports whether the view has an object, or a workload that is known by its pods
// alone.
func (s *side) holds(ref kube.Ref) bool {
	return s.Cluster.Has(ref) || s.Cluster.Workload(ref) != nil
}

// fate is why a finding of one side is not on the other.
type fate int

const (
	judged       fate = iota // it was judged, and not found
	objectAbsent             // its object or its namespace is not there
	unseen                   // nobody can say
)

// absence says why a finding of own is not on the other side, and in words what is
// absent or cannot be seen.
func absence(f *score.Finding, own, other *side) (fate, string) {
	rule := other.rules[f.Rule.ID]
	if rule == nil && own.rules[f.Rule.ID] != nil {
		return unseen, "rule " + f.Rule.ID + " is not judged there"
	}
	if f.Namespace != "" && len(other.Cluster.Info.Scope) > 0 && !slices.Contains(other.Cluster.Info.Scope, f.Namespace) {
		return unseen, "namespace " + f.Namespace + " is not looked at there"
	}
	resource, known := kube.ResourceOf(f.Subject.Group, f.Subject.Kind)
	if known {
		if state, blind := other.Cluster.Blind(resource, f.Subject.Namespace); blind {
			return unseen, whyBlind(state)
		}
		if known = own.holds(f.Subject); known && !other.holds(f.Subject) {
			if _, there := slices.BinarySearch(other.spaces, f.Namespace); f.Namespace != "" && !there {
				return objectAbsent, "namespace " + f.Namespace
			}
			return objectAbsent, f.Subject.String()
		}
	}
	if rule == nil { // a rule about the policy and not about the cluster
		return judged, ""
	}
	if why, blind := unjudged(f, rule, own, other); blind {
		return unseen, why
	}
	return judged, ""
}

// unjudged reports whether a rule may have kept silent because of what could not be
// read.
func unjudged(f *score.Finding, rule *audit.Rule, own, other *side) (string, bool) {
	for _, r := range rule.Reads {
		if state, blind := other.Cluster.Blind(r, f.Namespace); blind {
			return whyBlind(state), true
		}
	}
	for _, r := range rule.Consults {
		state, blind := other.Cluster.Blind(r, f.Namespace)
		if _, both := own.Cluster.Blind(r, f.Namespace); blind && !both {
			return whyBlind(state), true
		}
	}
	if t := other.tally(f.Namespace, rule.ID); t != nil && (t.Coverage == 0 || t.Unknown > 0) {
		return t.Why, true
	}
	return "", false
}

func whyBlind(s kube.State) string {
	why := s.Reason
	if why == "" {
		why = s.Phase.String()
	}
	return s.Resource.String() + ": " + why
}
