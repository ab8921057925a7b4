package deprecation

import (
	"fmt"
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var tillerDeployed = &audit.Rule{
	ID:       "tiller-deployed",
	Title:    "Tiller of Helm 2 is in the cluster",
	Severity: audit.Critical,
	Rationale: "Tiller does what anybody who reaches its port asks for, without asking who it is, mostly with all rights in the cluster. " +
		"Every pod can reach it. Nobody has mended its faults since November 2020.",
	Remediation: "Move the releases to Helm 3 or later, with the plugin 2to3 of Helm 3, then delete Tiller, its Service, its ServiceAccount and the bindings of that.",
	Since:       "2",
	Subjects:    append(kube.WorkloadResources(), kube.Services),
	Check:       audit.Each(tillers, judgeTiller),
}

// suspect is an object that may belong to Tiller.
type suspect struct {
	labels   map[string]string
	workload *kube.Workload // nil for a Service
}

func tillers(c *kube.Cluster) iter.Seq2[audit.Subject, suspect] {
	return func(yield func(audit.Subject, suspect) bool) {
		for _, w := range c.Workloads() {
			if !yield(audit.Subject{Ref: w.Ref, Namespace: w.Ref.Namespace}, suspect{w.Pod.Labels, w}) {
				return
			}
		}
		for s := range c.Services.All() {
			if !yield(audit.Subject{Ref: kube.Services.Ref(s.Namespace, s.Name), Namespace: s.Namespace}, suspect{labels: s.Labels}) {
				return
			}
		}
	}
}

func judgeTiller(p *audit.Pass, s suspect) {
	if s.workload == nil {
		if labelled(s.labels) {
			p.Report(audit.Finding{
				Message: "it is the Service of Tiller",
				Detail:  "It bears the labels app=helm and name=tiller, by which Helm 2 installs it.",
			})
			return
		}
		p.NotApplicable()
		return
	}
	for c := range s.workload.Containers() {
		if imageOf(c.Image).name == "tiller" {
			p.Report(audit.Finding{
				Container: c.Name, Path: c.Field("image"),
				Message: fmt.Sprintf("%s %s runs Tiller", c.Kind, c.Name),
				Detail:  "Its image is " + c.Image + ".",
			})
			return
		}
	}
	if labelled(s.labels) {
		p.Report(audit.Finding{
			Path:    s.workload.MetadataPath() + ".labels",
			Message: "it runs Tiller, by its labels",
			Detail:  "Its pods bear the labels app=helm and name=tiller, by which Helm 2 installs it.",
		})
	}
}

// labelled reports whether labels are those that helm init of Helm 2 gives.
func labelled(labels map[string]string) bool {
	return labels["app"] == "helm" && labels["name"] == "tiller"
}
