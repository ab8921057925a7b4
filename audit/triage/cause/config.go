package cause

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// configPatterns are why containers are not made.
func configPatterns() []*Pattern { return []*Pattern{missingConfig} }

var missingConfig = &Pattern{
	ID: "missing-config", Family: "config", Title: "a ConfigMap, a Secret or a key of it is missing",
	Signals: []string{"config-error", "pod-mount-failed"}, Mechanism: change.Configuration,
	Speaks:      "the kubelet names what it does not find (decisive); it is not there (structural); the revision before serves without it (contrast); a rollout, or a change of the object (temporal)",
	Contradicts: "the object is there after all, for which no key was missed (veto)",
	Unchecked:   "whether it was there before: what is deleted leaves no trace",
	gate: func(q *inquiry, s *subject) bool {
		if !q.only(s, causedBy(string(message.ObjectMissing), string(message.KeyMissing))) {
			return false
		}
		s.object, s.text = missed(s)
		return !s.object.IsZero()
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		resource, _ := kube.ResourceOf(s.object.Group, s.object.Kind)
		visible := w.sees(q, resource, s.object.Namespace)
		there := q.presence(s.object)
		if s.text == "" && there == present {
			w.veto()
			return
		}
		if s.text != "" {
			w.isDecisive("the kubelet finds no key %s in %s", s.text, s.object)
		} else {
			w.isDecisive("the kubelet does not find %s", s.object)
		}
		switch {
		case there == absent:
			w.isStructural("%s is not there", s.object)
		case visible && s.text != "":
			w.unknown("which keys %s has: its data are never read", s.object)
		}
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.Configuration, ofObject(s.object)))
		w.isTemporal(q, q.best(change.Configuration, rolledOut(s.workload, change.Environment, change.Volume)))
		if s.text != "" && len(s.signals) > 1 {
			w.isWeak("%d pods miss it alike", len(s.signals))
		}
		if near := q.misspelt(s.object); near != "" && there == absent {
			w.isWeak("there is one called %s", near)
		}
		if others := q.workloadsUsing(s.object, s.workload); len(others) > 0 {
			w.unknown("%d other workloads refer to it, such as %s: they break when they start again", len(others), others[0].Ref.Short())
		}
	},
	title: func(_ *inquiry, s *subject) string {
		if s.text != "" {
			return fmt.Sprintf("key %s of %s is missing, which %s needs", s.text, s.object.Short(), s.name())
		}
		return fmt.Sprintf("%s %s is missing, which %s needs", s.object.Kind, s.object.Name, s.name())
	},
	fix: func(_ *inquiry, s *subject) string {
		if s.text != "" {
			return "Add the key to " + s.object.String() + ", or name the right one in " + s.name() + "."
		}
		return "Create " + s.object.String() + " from its source, or name the right one in " + s.name() + "."
	},
	commands: func(q *inquiry, s *subject) []Command {
		resource, _ := kube.ResourceOf(s.object.Group, s.object.Kind)
		look := q.list(resource, s.object.Namespace, "which there are: a name may be misspelt")
		if s.text != "" {
			look = q.describe(s.object, "which keys it has")
			look.Sensitive = s.object.Kind == kube.ConfigMaps.Kind
		}
		all := []Command{look, q.describe(orPod(s), "who refers to it, and what the kubelet says")}
		all = append(all, q.rollback(s.workload)...)
		return append(all, q.podsOrNone(s)...)
	},
}

// misspelt returns the name of an object of the same kind and namespace that differs
// from one that is missing in a character or two; "" if there is none.
func (q *inquiry) misspelt(missing kube.Ref) string {
	resource, held := kube.ResourceOf(missing.Group, missing.Kind)
	if !held || len(missing.Name) < 4 {
		return ""
	}
	for _, o := range q.Cluster.ObjectsIn(resource, missing.Namespace) {
		if apart(o.GetName(), missing.Name) <= 2 {
			return o.GetName()
		}
	}
	return ""
}

// apart counts the characters by which two names differ (Levenshtein).
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// missed returns the object that the kubelet misses, and the key of it, "" if it is
// the object.
func missed(s *subject) (object kube.Ref, key string) {
	what := message.Config(s.signal.Raw)
	for _, k := range s.signal.Keys {
		for _, ref := range refsOfKey(k) {
			if ref.Kind == kube.ConfigMaps.Kind || ref.Kind == kube.Secrets.Kind {
				return ref, what.Key
			}
		}
	}
	return kube.Ref{}, ""
}
