package incident

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// alike is what signals have in common that are told in one line.
type alike struct {
	detector *triage.Detector
	owner    *owner   // of a pod
	object   kube.Ref // that is none
	revision string
	cause    string
	fires    bool
}

func alikeOf(f *fact) alike {
	key := alike{detector: f.Detector, cause: f.Cause, fires: f.fires()}
	if f.ofPod() {
		key.owner, key.revision = f.of, f.rev
	} else {
		key.object = f.Object
	}
	return key
}

// lines tells signals once for all pods of a revision, in their order, which is that
// of their facts. What is over has no line.
func lines(v *view, signals []Signal, facts []*fact) []Line {
	var all []Line
	at := map[alike]int{}
	several := map[int]bool{} // lines that are about several containers
	for place, f := range facts {
		s := &signals[place]
		if s.State == triage.Resolved {
			continue
		}
		key := alikeOf(f)
		n, known := at[key]
		if !known {
			n = len(all)
			at[key] = n
			line := Line{Signal: *s, Rev: v.revision(f.pod)}
			if f.ofPod() {
				line.Of = v.ofRevision(f)
			}
			all = append(all, line)
		}
		l := &all[n]
		if l.Count++; s.Container != l.Container {
			several[n] = true
		}
		if s.Onset.Before(l.Onset) {
			l.Signal = *s
		}
	}
	recount(all, several, at, facts)
	for n := range all {
		if all[n].Of > 0 {
			all[n].Of = max(all[n].Of, all[n].Count) // some of them may be gone
		}
	}
	return all
}

// recount counts the objects of lines that are about several containers of them.
func recount(all []Line, several map[int]bool, at map[alike]int, facts []*fact) {
	if len(several) == 0 {
		return
	}
	objects := map[int]map[kube.Ref]bool{}
	for n := range several {
		objects[n] = map[kube.Ref]bool{}
	}
	for _, f := range facts {
		if n := at[alikeOf(f)]; f.State != triage.Resolved && several[n] {
			objects[n][f.Object] = true
		}
	}
	for n := range several {
		all[n].Count = len(objects[n])
	}
}

// ofRevision returns how many pods of a workload are of the revision of one of them,
// 0 if that is not known.
func (v *view) ofRevision(f *fact) int {
	n, update := f.of.revisions[f.rev].value, f.of.revisions[f.rev].update
	if update != 0 && update >= v.changed(f.of.home) {
		return n
	}
	n = 0
	if w := v.Workload(f.Workload); w != nil {
		_, hash, _ := strings.Cut(f.rev, "@")
		for _, pod := range v.PodsOf(w) {
			if !pod.Finished() && (hash == "" || triage.RevisionOf(pod) == hash) {
				n++
			}
		}
	}
	if f.of.revisions == nil {
		f.of.revisions = map[string]dated[int]{}
	}
	f.of.revisions[f.rev] = dated[int]{n, v.update}
	return n
}
