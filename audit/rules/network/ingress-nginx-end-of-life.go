package network

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressNginxEndOfLife = &audit.Rule{
	ID:       "ingress-nginx-end-of-life",
	Title:    "The ingress controller is no longer maintained",
	Severity: audit.Medium,
	Rationale: "The Kubernetes project retired ingress-nginx in March 2026: what is found in it since then is not fixed, " +
		"and it stands open to the world with the right to read Secrets.",
	Remediation: "Move to a controller that is maintained. The Gateway API is what the Kubernetes project recommends; " +
		"ingress2gateway translates most Ingresses.",
	Controls: []string{"NSA"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Deployments, kube.DaemonSets, kube.StatefulSets},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Deployments, kube.DaemonSets, kube.StatefulSets},
		Variables: []audit.Variable{{Name: "retired", Expression: audit.Texts(nginxRepositories())}},
		Among:     "longRunning",
		Container: "['/' + c.?image.orValue('').find('^[^@]*').find('^([^/]*/)*[^:/]*')].exists(i, variables.retired.exists(r, i.endsWith('/' + r)))",
	},
	Check: audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		if !c.LongRunning() || !slices.Contains([]string{kube.Deployments.Kind, kube.DaemonSets.Kind, kube.StatefulSets.Kind}, w.Ref.Kind) {
			return false
		}
		repository := kube.RepositoryOf(c.Image)
		if slices.ContainsFunc(nginxRepositories(), func(known string) bool {
			return repository == known || strings.HasSuffix(repository, "/"+known)
		}) {
			p.Report(audit.Finding{
				Container: c.Name,
				Path:      c.Field("image"),
				Message:   "container " + c.Name + " is ingress-nginx, which is retired",
				Detail:    "Its image is " + c.Image + ".",
			})
		}
		return true
	}),
}

// nginxRepositories returns the ends of the image names that the community's
// controller is published and mirrored by.
func nginxRepositories() []string {
	return []string{
		"ingress-nginx/controller", "ingress-nginx/controller-chroot", "kubernetes-ingress-controller/nginx-ingress-controller",
		"rancher/nginx-ingress-controller", "bitnami/nginx-ingress-controller", "bitnamilegacy/nginx-ingress-controller",
	}
}
