package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// nginxPrefix is the prefix of the annotations that ingress-nginx heeds.
const nginxPrefix = "nginx.ingress.kubernetes.io/"

var ingressNginxUnsafeAnnotations = &audit.Rule{
	ID:       "ingress-nginx-unsafe-annotations",
	Title:    "An Ingress injects configuration into NGINX",
	Severity: audit.High,
	Rationale: "What stands there becomes a part of the controller's configuration as it is. Whoever may write Ingresses can read files of the " +
		"controller with it, its token among them, and so the Secrets of all namespaces (CVE-2021-25742).",
	Remediation: "Use the annotations that exist for the purpose, or the controller's own configuration. " +
		"Then switch snippets off with allow-snippet-annotations: \"false\" in the ConfigMap of the controller.",
	Controls: []string{"NSA"},
	Since:    "2",
	Subjects: []kube.Resource{kube.Ingresses},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Ingresses},
		AtFault:   `object.metadata.?annotations.orValue({}).filter(k, k.matches('^nginx[.]ingress[.]kubernetes[.]io/(.*-snippet|lua-.*)$') || k.matches('^nginx[.]org/.*-snippets$'))`,
	},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		for _, key := range slices.Sorted(maps.Keys(i.Annotations)) {
			if !injects(key) {
				continue
			}
			path := fmt.Sprintf("metadata.annotations[%q]", key)
			p.Report(audit.Finding{
				Path:    path,
				Message: "it injects configuration by " + key[strings.IndexByte(key, '/')+1:],
				Detail:  fmt.Sprintf("Annotation %s becomes a part of the controller's configuration.", key),
				Fixes: []audit.Fix{{
					Title: "remove the annotation",
					Edits: []audit.Edit{{Op: audit.Remove, Path: path}},
					Risk:  "What the snippet does is no longer done.",
				}},
			})
		}
	}),
}

// injects reports whether an annotation of ingress-nginx, or of the controller of
// NGINX's makers, is copied into the configuration.
func injects(key string) bool {
	prefix, name, _ := strings.Cut(key, "/")
	switch prefix + "/" {
	case nginxPrefix:
		return strings.HasSuffix(name, "-snippet") || strings.HasPrefix(name, "lua-")
	case "nginx.org/":
		return strings.HasSuffix(name, "-snippets")
	}
	return false
}
