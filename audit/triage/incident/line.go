package incident

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// alike is what signals have in common that are told in one line.
type alike struct {
	detector string
	owner    kube.Ref // workload, or object
	revision string
	cause    string
	fires    bool
}

// lines tells signals once for all pods of a revision, in their order, which is that
// of their facts. What is over has no line.
func lines(v *view, signals []Signal, facts []*fact) []Line {
	var all []Line
	at := map[alike]int{}
	showing := map[alike]map[kube.Ref]bool{}
	for place, f := range facts {
		s := &signals[place]
		if s.State == triage.Resolved {
			continue
		}
		key := alike{s.Detector.ID, s.Object, "", s.Cause, s.State == triage.Firing}
		if f.ofPod() {
			key.owner, key.revision = f.owner(), f.revision()
		}
		n, known := at[key]
		if !known {
			n = len(all)
			at[key], showing[key] = n, map[kube.Ref]bool{}
			line := Line{Signal: *s, Rev: v.revision(f.pod)}
			if f.ofPod() {
				line.Of = v.ofRevision(f)
			}
			all = append(all, line)
		}
		if s.Onset.Before(all[n].Onset) {
			all[n].Signal = *s
		}
		showing[key][s.Object] = true
		all[n].Count = len(showing[key])
	}
	for n := range all {
		if all[n].Of > 0 {
			all[n].Of = max(all[n].Of, all[n].Count) // some of them may be gone
		}
	}
	return all
}

// revision is that of the pod among those of its workload, "" if nobody told.
func (f *fact) revision() string {
	for _, key := range f.keys {
		if key.Kind == triage.ByRevision {
			return key.Name
		}
	}
	return ""
}

// ofRevision returns how many pods of a workload are of the revision of one of them,
// 0 if that is not known.
func (v *view) ofRevision(f *fact) int {
	w := v.Workload(f.Workload)
	if w == nil {
		return 0
	}
	of := f.revision()
	_, hash, _ := strings.Cut(of, "@")
	n := 0
	for _, pod := range v.PodsOf(w) {
		if !pod.Finished() && (hash == "" || triage.RevisionOf(pod) == hash) {
			n++
		}
	}
	return n
}
