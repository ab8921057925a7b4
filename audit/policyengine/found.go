package policyengine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// found is a violation and the object of which an engine says so.
type found struct {
	Violation
	object kube.Ref
}

// findings are what the constraints and reports of a view say.
type findings struct {
	byNamespace map[string][]found // of the objects
	reporting   map[string]bool    // the namespaces that have reports
	state       State
}

// State is how far engines have come with looking.
type State struct {
	Constraints, Reports int
	Passed               int // results of reports that are in order
	// Unlisted is how many violations constraints count and do not list.
	Unlisted int
	// Audited is when Gatekeeper last audited, Reported the time of the newest result of a
	// report; zero if nobody says.
	Audited, Reported metav1.Time
}

// StateOf returns how far engines have come with looking.
func StateOf(c *kube.Cluster) State { return foundIn.Of(c).state }

// Looks reports whether an engine says that it looks at the objects of a namespace: it
// reports about some, or audits the cluster.
func Looks(c *kube.Cluster, namespace string) bool {
	f := foundIn.Of(c)
	return !f.state.Audited.IsZero() || f.reporting[namespace]
}

// foundIn reads all constraints and reports, once for as long as none of them changes.
var foundIn = kube.Derive(func(c *kube.Cluster) findings {
	f := findings{byNamespace: map[string][]found{}, reporting: map[string]bool{}}
	for o := range c.Custom(kube.Constraints).All() {
		f.constraint(o)
	}
	for _, r := range kube.PolicyReportResources() {
		for o := range c.Custom(r).All() {
			f.report(r, o)
		}
	}
	return f
}).From(Reported()...)

func (f *findings) add(v found) {
	v.Known = Known(v.Policy)
	f.byNamespace[v.object.Namespace] = append(f.byNamespace[v.object.Namespace], v)
}

func (f *findings) constraint(o *unstructured.Unstructured) {
	f.state.Constraints++
	c, err := kube.Decode[constraint](o)
	a, unread := AuditOf(o)
	if err != nil || unread != nil {
		return // the rules about it say so
	}
	if f.state.Audited.Before(&a.At) {
		f.state.Audited = a.At
	}
	f.state.Unlisted += a.Total - len(c.Status.Violations)
	ref := kube.Constraints.Ref("", o.GetName())
	for _, one := range c.Status.Violations {
		f.add(found{
			Violation: Violation{
				Source: "Gatekeeper", Policy: ref.Kind + "/" + ref.Name, Outcome: "fail", Severity: audit.Medium,
				Message: one.Message, At: a.At, Told: ref,
			},
			object: kube.Ref{Group: one.Group, Kind: one.Kind, Namespace: one.Namespace, Name: one.Name},
		})
	}
}

// report is what matters of a report, of either group
// (https://github.com/kubernetes-sigs/wg-policy-prototypes, https://github.com/openreports/reports-api).
type report struct {
	Source  string       `json:"source"`
	Scope   reference    `json:"scope"` // of which object the whole report is
	Results []resultOf   `json:"results"`
	Summary reportCounts `json:"summary"`
}

type reportCounts struct {
	Pass int `json:"pass"`
}

type reference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

type resultOf struct {
	Source    string      `json:"source"`
	Policy    string      `json:"policy"`
	Rule      string      `json:"rule"`
	Result    string      `json:"result"`
	Severity  string      `json:"severity"`
	Message   string      `json:"message"`
	Objects   []reference `json:"resources"`
	Timestamp struct {
		Seconds int64 `json:"seconds"`
	} `json:"timestamp"`
}

func (r *resultOf) at() metav1.Time {
	if r.Timestamp.Seconds == 0 {
		return metav1.Time{}
	}
	return metav1.NewTime(time.Unix(r.Timestamp.Seconds, 0))
}

// ourselves is the source of the reports that seaworthy writes.
const ourselves = "seaworthy"

// ofAnEngine reports whether somebody else than seaworthy had a result.
func (r *report) ofAnEngine() bool {
	return slices.ContainsFunc(r.Results, func(one resultOf) bool { return cmp.Or(one.Source, r.Source) != ourselves })
}

func (f *findings) report(r kube.Resource, o *unstructured.Unstructured) {
	decoded, err := kube.Decode[report](o)
	if err != nil {
		return // a report is of its engine alone: nobody here can mend it
	}
	if !decoded.ofAnEngine() {
		return
	}
	f.state.Reports++
	f.state.Passed += decoded.Summary.Pass
	f.reporting[o.GetNamespace()] = true
	for i := range decoded.Results {
		result := &decoded.Results[i]
		result.Source = cmp.Or(result.Source, decoded.Source)
		if result.Source == ourselves {
			continue
		}
		at := result.at()
		if f.state.Reported.Before(&at) {
			f.state.Reported = at
		}
		if !slices.Contains([]string{"fail", "warn", "error"}, result.Result) {
			continue
		}
		objects := result.Objects
		if len(objects) == 0 && decoded.Scope.Name != "" {
			objects = []reference{decoded.Scope}
		}
		for _, object := range objects {
			f.add(found{result.violation(r.Ref(o.GetNamespace(), o.GetName())), object.ref()})
		}
	}
}

func (r reference) ref() kube.Ref {
	return kube.Ref{Group: schema.FromAPIVersionAndKind(r.APIVersion, "").Group, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}

// violation is what a result says. Kyverno writes rules about pods also for what makes
// pods, under another name (https://kyverno.io/docs/policy-types/cluster-policy/autogen).
func (r *resultOf) violation(told kube.Ref) Violation {
	rule, made := strings.CutPrefix(r.Rule, "autogen-")
	if made {
		rule = strings.TrimPrefix(rule, "cronjob-")
	}
	severity, err := audit.ParseSeverity(strings.ToLower(r.Severity))
	if err != nil {
		severity = audit.Medium
	}
	if r.Result != "fail" {
		severity = min(severity, audit.Low)
	}
	return Violation{
		Source: r.Source, Policy: r.Policy, Rule: rule, Outcome: r.Result, Severity: severity,
		Message: r.Message, At: r.at(), Told: told,
	}
}
