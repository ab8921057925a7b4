package hygiene

import (
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const wantedDots = "ndots"

var dnsConfigNdots = &audit.Rule{
	ID:       "dns-config-ndots",
	Title:    "Names outside of the cluster are looked up in vain first",
	Severity: audit.Info,
	Rationale: "By default a name with fewer than five dots is tried with every search domain of the cluster before it is tried as it is: " +
		"each call to a host outside costs several queries more, which is what DNS of large clusters breaks under.",
	Remediation: "Set the option ndots in spec.dnsConfig.options. Names such as web.shop.svc then have to be written as you mean them.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters: []audit.Parameter{{
		Name: wantedDots, Value: 0,
		About: "The value that option ndots should have, in dots; 0 asks for none.",
	}},
	Admission: &audit.Admission{
		Except: `variables.ndots == 0 || variables.podSpec.?dnsPolicy.orValue('') in ['Default', 'None'] || variables.podSpec.?dnsPolicy.orValue('') != 'ClusterFirstWithHostNet' && variables.podSpec.?hostNetwork.orValue(false)`,
		Object: `[variables.podSpec.?dnsConfig.options.orValue([]).filter(o, o.?name.orValue('') == 'ndots' && has(o.value))].exists(o, o.size() == 0 || o[0].value != string(variables.ndots))`,
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		wanted := p.Number(wantedDots)
		if wanted == 0 || !clusterDNS(w.Pod.Spec) {
			p.NotApplicable()
			return
		}
		at, has := ndotsOf(w.Pod.Spec)
		if has == strconv.Itoa(wanted) {
			return
		}
		f := audit.Finding{
			Path:    w.Field("dnsConfig"),
			Message: fmt.Sprintf("option ndots is not %d", wanted),
			Detail:  "It is not set, and is 5 then.",
		}
		edit := audit.Edit{
			Op: audit.Append, Path: w.Field("dnsConfig.options"), Value: map[string]any{"name": wantedDots, "value": strconv.Itoa(wanted)},
		}
		if at >= 0 {
			path := w.Field(fmt.Sprintf("dnsConfig.options[%d].value", at))
			f.Path, f.Detail = path, "It is "+has+"."
			edit = audit.Edit{Op: audit.Set, Path: path, Value: strconv.Itoa(wanted)}
		}
		f.Fixes = []audit.Fix{{
			Title: fmt.Sprintf("set ndots to %d", wanted), Edits: []audit.Edit{edit},
			Risk: "Names of the cluster with as many dots are then asked for outside first.",
		}}
		p.Report(f)
	}),
}

// clusterDNS reports whether pods ask the DNS of the cluster, whose search
// domains are meant: with policy Default they ask what their node asks.
func clusterDNS(spec *corev1.PodSpec) bool {
	switch spec.DNSPolicy {
	case corev1.DNSClusterFirstWithHostNet:
		return true
	case corev1.DNSDefault, corev1.DNSNone:
		return false
	case corev1.DNSClusterFirst:
	}
	return !spec.HostNetwork
}

// ndotsOf returns the index and the value of option ndots, -1 if it is not set.
func ndotsOf(spec *corev1.PodSpec) (at int, value string) {
	if spec.DNSConfig == nil {
		return -1, ""
	}
	for i, option := range spec.DNSConfig.Options {
		if option.Name == wantedDots && option.Value != nil {
			return i, *option.Value
		}
	}
	return -1, ""
}
