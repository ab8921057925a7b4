package incident

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// callers are the detectors whose signals may follow from a Service that does not answer.
func callers() map[string]bool {
	return set([]string{"crash-loop", "probe-readiness", "probe-liveness", "probe-startup", "init-stuck", "job-failed", "deploy-deadline"})
}

// suspectSymptoms tells of which incidents others may be symptoms: a workload that
// names a Service which has had no endpoints for longer than the workload fails. It
// is a link and no more, since nobody has seen the call.
func (t *Tracker) suspectSymptoms(v *view) {
	idle := map[kube.Ref]*fact{}
	for _, f := range t.known {
		if f.fires() && f.Detector.ID == "svc-no-endpoints" && f.record != nil && f.record.group != nil {
			idle[f.Object] = f
		}
	}
	if len(idle) == 0 {
		return
	}
	calls := callers()
	for _, r := range t.records {
		if r.group == nil {
			continue
		}
		for _, f := range latestCalls(r.group.facts, calls) {
			for service, without := range idle {
				if without.record != r && !without.first.After(f.first) && f.calls(v, service) {
					r.told.Possible = append(r.told.Possible, without.record.id)
				}
			}
		}
		slices.Sort(r.told.Possible)
		r.told.Possible = slices.Compact(r.told.Possible)
	}
}

// calls reports whether a signal, or the workload that it is about, names a Service.
func (f *fact) calls(v *view, service kube.Ref) bool {
	if f.names(serviceKey(service)) {
		return true
	}
	w := v.Workload(f.Workload)
	return w != nil && mentions(w, service)
}

// latestCalls returns, of each workload, the newest signal that a Service may explain.
func latestCalls(facts []*fact, calls map[string]bool) map[kube.Ref]*fact {
	latest := map[kube.Ref]*fact{}
	for _, f := range facts {
		if held := latest[f.owner()]; calls[f.Detector.ID] && f.fires() && (held == nil || f.first.After(held.first)) {
			latest[f.owner()] = f
		}
	}
	return latest
}

func serviceKey(service kube.Ref) triage.Key {
	return triage.Key{Kind: triage.ByService, Name: service.Namespace + "/" + service.Name}
}

// mentions reports whether the command, the arguments or the literal environment of
// a workload name a Service as DNS does: by its name and namespace, or from within
// the namespace by its name with a port.
func mentions(w *kube.Workload, service kube.Ref) bool {
	for container := range w.Containers() {
		for _, text := range slices.Concat(container.Command, container.Args, literals(container.Env)) {
			if namesService(text, service, w.Ref.Namespace) {
				return true
			}
		}
	}
	return false
}

func literals(env []corev1.EnvVar) []string {
	var values []string
	for i := range env {
		if env[i].Value != "" {
			values = append(values, env[i].Value)
		}
	}
	return values
}

// shortest is how long a bare name must be to be taken for that of a Service.
const shortest = 4

func namesService(text string, service kube.Ref, from string) bool {
	for rest := text; ; {
		at := strings.Index(rest, service.Name)
		if at < 0 {
			return false
		}
		before, after := rest[:at], rest[at+len(service.Name):]
		rest = after
		if before != "" && nameByte(before[len(before)-1]) {
			continue
		}
		if tail, found := strings.CutPrefix(after, "."+service.Namespace); found && (tail == "" || !nameByte(tail[0]) || strings.HasPrefix(tail, ".svc")) {
			return true
		}
		bare := from == service.Namespace && len(service.Name) >= shortest
		if bare && (strings.HasPrefix(after, ":") || strings.HasSuffix(before, "://") && (after == "" || after[0] == '/')) {
			return true
		}
	}
}

// nameByte reports whether a byte may be part of a name in DNS.
func nameByte(b byte) bool {
	return b == '-' || b == '.' || b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
