package platform

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var meshTLSDisabled = &audit.Rule{
	ID:       "mesh-tls-disabled",
	Title:    "A DestinationRule switches off TLS to what is in the mesh",
	Severity: audit.Medium,
	Rationale: "Istio speaks mutual TLS between its proxies by itself. A rule with mode DISABLE has callers speak plain text instead: who listens reads it, the callee " +
		"does not know who calls, and once it asks for STRICT it refuses them.",
	Remediation: "Remove tls from the traffic policy, so that proxies find out by themselves, or set its mode to ISTIO_MUTUAL. " +
		"What is not in the mesh gets a DestinationRule of its own host.",
	Since:    "3",
	Subjects: []kube.Resource{kube.DestinationRules},
	Reads:    []kube.Resource{kube.Services, kube.Pods},
	Wide:     true, // Services of other namespaces
	Check:    eachDecoded([]kube.Resource{kube.DestinationRules}, judgeDestination),
}

// destinationRule is what matters of a DestinationRule
// (https://istio.io/latest/docs/reference/config/networking/destination-rule/).
type destinationRule struct {
	Spec struct {
		Host          string        `json:"host"`
		TrafficPolicy trafficPolicy `json:"trafficPolicy"`
		Subsets       []struct {
			TrafficPolicy trafficPolicy `json:"trafficPolicy"`
		} `json:"subsets"`
	} `json:"spec"`
}

type trafficPolicy struct {
	TLS               clientTLS `json:"tls"`
	PortLevelSettings []struct {
		TLS clientTLS `json:"tls"`
	} `json:"portLevelSettings"`
}

type clientTLS struct {
	Mode string `json:"mode"` // "" leaves it to the proxies
}

// plain returns the path of the first field by which callers are to speak plain text, "" if
// none says so.
func (d *destinationRule) plain() string {
	if path := d.Spec.TrafficPolicy.plain("spec.trafficPolicy"); path != "" {
		return path
	}
	for i := range d.Spec.Subsets {
		if path := d.Spec.Subsets[i].TrafficPolicy.plain(fmt.Sprintf("spec.subsets[%d].trafficPolicy", i)); path != "" {
			return path
		}
	}
	return ""
}

func (t *trafficPolicy) plain(at string) string {
	if t.TLS.Mode == "DISABLE" {
		return at + ".tls.mode"
	}
	for i := range t.PortLevelSettings {
		if t.PortLevelSettings[i].TLS.Mode == "DISABLE" {
			return fmt.Sprintf("%s.portLevelSettings[%d].tls.mode", at, i)
		}
	}
	return ""
}

// judgeDestination reports plain text to what is in the mesh. To what is outside of it,
// like the API server, it is what one has to say, and of hosts of other clusters and the
// internet nobody can tell.
func judgeDestination(p *audit.Pass, d *destinationRule) {
	path := d.plain()
	if path == "" {
		return
	}
	service, namespace, inCluster := d.destination(p.Subject().Namespace)
	if !inCluster {
		p.NotApplicable()
		return
	}
	pod := memberBehind(p.Cluster, namespace, service)
	if pod == nil {
		p.NotApplicable()
		return
	}
	p.Report(audit.Finding{
		Path:    path,
		Message: "callers speak plain text to " + d.Spec.Host + ", which is in the mesh",
		Detail:  "Pod " + pod.Namespace + "/" + pod.Name + " behind it has a proxy that speaks mutual TLS.",
	})
}

// destination returns the Service that the rule is for, "" for each, and its namespace, ""
// for each; false if its host is none of the cluster. Istio completes a name without a dot
// only, by the namespace of the rule.
func (d *destinationRule) destination(own string) (service, namespace string, inCluster bool) {
	parts := strings.Split(d.Spec.Host, ".")
	switch {
	case d.Spec.Host == "*" || parts[0] == "*" && parts[len(parts)-1] == "local" && len(parts) < 5:
		return "", "", true // "*.local", "*.svc.cluster.local"
	case len(parts) == 1:
		return parts[0], own, true
	case len(parts) < 4 || parts[2] != "svc":
		return "", "", false
	case parts[0] == "*":
		return "", parts[1], true
	}
	return parts[0], parts[1], true
}

// memberBehind returns a pod in Istio's mesh that a Service selects, or any Service where
// its name or namespace is ""; nil if there is none.
func memberBehind(c *kube.Cluster, namespace, service string) *kube.Pod {
	for s := range c.Services.All() {
		if namespace != "" && s.Namespace != namespace || service != "" && s.Name != service || len(s.Spec.Selector) == 0 {
			continue
		}
		for _, pod := range c.PodsSelected(s.Namespace, labels.SelectorFromSet(s.Spec.Selector)) {
			if plane := pod.DataPlane(); plane == kube.IstioSidecar || plane == kube.IstioAmbient {
				return pod
			}
		}
	}
	return nil
}
