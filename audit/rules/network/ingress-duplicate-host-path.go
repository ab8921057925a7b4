package network

import (
	"cmp"
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressDuplicateHostPath = &audit.Rule{
	ID:       "ingress-duplicate-host-path",
	Title:    "Two Ingresses serve the same host and path",
	Severity: audit.Medium,
	Rationale: "Which of them gets the requests is for the controller to decide, mostly by age: " +
		"one is without effect, and takes over without notice when the other one is made anew. In a shared cluster that is also how traffic is stolen.",
	Remediation: "Leave the path to one of them. Canaries of ingress-nginx are told by their annotation, and are not meant.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Consults:    []kube.Resource{kube.IngressClasses},
	Wide:        true, // an Ingress of any namespace may claim a host
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		locations := locationsOf(p.Cluster, i)
		if len(locations) == 0 {
			p.NotApplicable()
			return
		}
		self := kube.Ingresses.Ref(i.Namespace, i.Name)
		for _, mine := range locations {
			claims := claimed.Of(p.Cluster)[mine.location]
			at := slices.IndexFunc(claims, func(c claim) bool { return c.ingress != self })
			if at < 0 {
				continue
			}
			p.Report(audit.Finding{
				Path:    mine.path,
				Message: fmt.Sprintf("%s serves %s%s too", claims[at].ingress, cmp.Or(mine.host, "any host, "), mine.location.path),
				Detail:  fmt.Sprintf("%d rules of this class are for this host and path.", len(claims)),
			})
		}
	}),
}

// place is a location of an Ingress and where it is written.
type place struct {
	location
	path string
}

// locationsOf returns what an Ingress serves, none if nothing gets in its way.
func locationsOf(c *kube.Cluster, i *networkingv1.Ingress) []place {
	class, controller := classOf(c, i)
	if ownBalancer(class, controller) || i.Annotations[nginxPrefix+"canary"] == "true" {
		return nil
	}
	var all []place
	for r := range i.Spec.Rules {
		rule := &i.Spec.Rules[r]
		if rule.HTTP == nil {
			continue
		}
		for n, path := range rule.HTTP.Paths {
			kind := networkingv1.PathTypeImplementationSpecific
			if path.PathType != nil {
				kind = *path.PathType
			}
			all = append(all, place{
				location{class, rule.Host, cmp.Or(path.Path, "/"), kind},
				fmt.Sprintf("spec.rules[%d].http.paths[%d].path", r, n),
			})
		}
	}
	return all
}

// claimed has who serves a location, in order.
var claimed = kube.Derive(func(c *kube.Cluster) map[location][]claim {
	all := map[location][]claim{}
	for i := range c.Ingresses.All() {
		for _, p := range locationsOf(c, i) {
			all[p.location] = append(all[p.location], claim{kube.Ingresses.Ref(i.Namespace, i.Name), p.path})
		}
	}
	return all
}).From(kube.Ingresses, kube.IngressClasses)
