package workload

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// most is how many of a kind are told of one by one.
const most = 12

// tellNetwork tells what exposes the workload, and what isolates it.
func (f *facts) tellNetwork() []entry {
	c, w := f.in.shown.Cluster, f.workload
	services := c.ServicesSelecting(w)
	entries := []entry{{text: fmt.Sprintf("Services (%d)", len(services)), tone: heading}}
	for _, s := range services[:min(most, len(services))] {
		entries = append(entries, entry{label: string(orClusterIP(s.Spec.Type)), text: s.Name + "  " + servicePorts(s)})
		if text, doubt := f.endpoints(s); text != "" {
			entries = append(entries, entry{text: text, tone: doubt})
		}
	}
	entries = append(entries, rest(len(services))...)
	if len(services) == 0 {
		entries = append(entries, f.none(kube.Services, "no Service sends traffic to its pods"))
	}
	routes := f.ingresses(services)
	entries = append(entries, blank(), entry{text: fmt.Sprintf("Ingress routes (%d)", len(routes)), tone: heading})
	entries = append(entries, routes[:min(most, len(routes))]...)
	entries = append(entries, rest(len(routes))...)
	if len(routes) == 0 {
		entries = append(entries, f.none(kube.Ingresses, "no Ingress leads here"))
	}
	return append(append(entries, blank()), f.isolation()...)
}

// rest says how many there are beside those that are told of.
func rest(all int) []entry {
	if all <= most {
		return nil
	}
	return []entry{{text: fmt.Sprintf("and %d more", all-most), tone: faint}}
}

// none says that there is nothing of a resource, or that it cannot be seen.
func (f *facts) none(r kube.Resource, text string) entry {
	if s, blind := f.in.shown.Cluster.Blind(r, f.workload.Ref.Namespace); blind {
		return entry{text: fmt.Sprintf("%s: %s, so it is not known", r, s.Phase), tone: doubtful}
	}
	return entry{text: text, tone: faint}
}

func orClusterIP(t corev1.ServiceType) corev1.ServiceType {
	if t == "" {
		return corev1.ServiceTypeClusterIP
	}
	return t
}

func servicePorts(s *corev1.Service) string {
	var all []string
	for _, p := range s.Spec.Ports {
		text := fmt.Sprintf("%d/%s", p.Port, orTCP(p.Protocol))
		if target := p.TargetPort.String(); target != "0" && target != fmt.Sprint(p.Port) {
			text += " to " + target
		}
		if p.NodePort != 0 {
			text += fmt.Sprintf(", %d of every node", p.NodePort)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// endpoints says how many endpoints of a Service can be reached, "" if it is not known.
func (f *facts) endpoints(s *corev1.Service) (string, tone) {
	c := f.in.shown.Cluster
	if _, blind := c.Blind(kube.EndpointSlices, s.Namespace); blind || c.Info.Offline {
		return "", plain
	}
	slices, ready, all := 0, 0, 0
	for _, e := range c.EndpointSlices.In(s.Namespace) {
		if e.Service == s.Name {
			slices++
			ready, all = ready+e.Ready, all+e.Ready+e.Serving+e.NotReady
		}
	}
	switch {
	case slices == 0:
		return "", plain
	case ready == 0:
		return "no endpoint is ready", doubtful
	}
	return fmt.Sprintf("%d of %d endpoints ready", ready, all), well
}

// ingresses are the routes that lead to Services of the workload.
func (f *facts) ingresses(services []*corev1.Service) []entry {
	var entries []entry
	leads := func(b *networkingv1.IngressBackend) bool {
		return b != nil && b.Service != nil && slices.ContainsFunc(services, func(s *corev1.Service) bool { return s.Name == b.Service.Name })
	}
	for _, in := range f.in.shown.Cluster.Ingresses.In(f.workload.Ref.Namespace) {
		if leads(in.Spec.DefaultBackend) {
			entries = append(entries, entry{label: "Ingress", text: in.Name + "  everything else to " + in.Spec.DefaultBackend.Service.Name})
		}
		for i := range in.Spec.Rules {
			rule := &in.Spec.Rules[i]
			if rule.HTTP == nil {
				continue
			}
			for j := range rule.HTTP.Paths {
				if p := &rule.HTTP.Paths[j]; leads(&p.Backend) {
					entries = append(entries, entry{label: "Ingress", text: fmt.Sprintf("%s  %s%s to %s", in.Name, hostOf(in, rule.Host), p.Path, p.Backend.Service.Name)})
				}
			}
		}
	}
	return entries
}

// hostOf returns a host with the scheme under which an Ingress serves it.
func hostOf(in *networkingv1.Ingress, host string) string {
	scheme := "http://"
	for _, t := range in.Spec.TLS {
		if len(t.Hosts) == 0 || slices.Contains(t.Hosts, host) {
			scheme = "https://"
		}
	}
	if host == "" {
		host = "*"
	}
	return scheme + host
}

// isolation tells what network policies let through.
func (f *facts) isolation() []entry {
	of, applies := isolation.Of(f.in.shown.Cluster, f.workload)
	entries := []entry{{text: fmt.Sprintf("Network policies (%d)", len(of.Policies)), tone: heading}}
	if !applies {
		return append(entries, entry{text: "the pods are on the network of their node: policies do not apply", tone: doubtful})
	}
	for _, d := range []isolation.Direction{isolation.Ingress, isolation.Egress} {
		v := of.Of(d)
		text, t := letThrough(d, v.Level)
		if v.Doubt != "" {
			text += " (not certain: " + v.Doubt + ")"
		}
		entries = append(entries, entry{label: d.String(), text: text, tone: t})
	}
	for _, p := range of.Policies[:min(most, len(of.Policies))] {
		entries = append(entries, entry{text: p.String(), tone: faint})
	}
	return append(entries, rest(len(of.Policies))...)
}

func letThrough(d isolation.Direction, l isolation.Level) (string, tone) {
	end := [...]string{"from everywhere", "to everywhere"}[d]
	switch l {
	case isolation.AllowsAll:
		return "policies let everything pass " + end, doubtful
	case isolation.Restricted:
		return "only what policies let pass", well
	case isolation.Denied:
		return "nothing passes", well
	case isolation.Open:
	}
	return "no policy: open " + end, doubtful
}
