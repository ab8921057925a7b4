package traffic

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressBackend = &triage.Detector{
	ID:    "ingress-backend",
	Title: "An Ingress leads nowhere",
	About: "A Service or a port that an Ingress names is not there, nor is its class or the Secret with its certificate: requests for the path end in an " +
		"error, or with a certificate that is not the right one. A Service that is there without endpoints is told by svc-no-endpoints. " +
		"Secrets are looked at by their names alone.",
	Reads: []kube.Resource{kube.Ingresses, kube.Services},
	Helps: []kube.Resource{kube.IngressClasses, kube.Secrets},
	Rung:  triage.Configuration,
	After: time.Minute,
	Check: func(p *triage.Pass) {
		for _, i := range p.Cluster.Ingresses.In(p.Namespace) {
			if i.DeletionTimestamp != nil {
				continue
			}
			if s, broken := brokenIngress(p.Cluster, i); broken {
				p.Report(s)
			}
		}
	},
}

// brokenIngress returns the signal of the worst that is wrong with an Ingress.
func brokenIngress(c *kube.Cluster, i *networkingv1.Ingress) (triage.Signal, bool) {
	s := triage.Signal{Object: kube.Ingresses.Ref(i.Namespace, i.Name), Severity: triage.S2}
	fault := func(cause, format string, values ...any) (triage.Signal, bool) {
		s.Cause, s.Message = cause, fmt.Sprintf(format, values...)
		return s, true
	}
	for _, b := range backendsWithHosts(i) {
		service, known := c.Services.Get(i.Namespace, b.Service.Name)
		if !known {
			s.Keys = []triage.Key{{Kind: triage.ByService, Name: i.Namespace + "/" + b.Service.Name}}
			return fault("service-missing", "%s leads to Service %s, which does not exist", b.host, b.Service.Name)
		}
		if !hasPort(service, b.Service.Port) {
			return fault("port-missing", "%s leads to port %s of Service %s, which it does not have", b.host, portText(b.Service.Port), b.Service.Name)
		}
	}
	if class := i.Spec.IngressClassName; class != nil {
		if _, blind := c.Blind(kube.IngressClasses, ""); !blind && !c.Has(kube.IngressClasses.Ref("", *class)) {
			return fault("class-missing", "its class %s does not exist: nobody takes care of it", *class)
		}
	}
	if _, blind := c.Blind(kube.Secrets, i.Namespace); blind {
		return s, false
	}
	for _, tls := range i.Spec.TLS {
		if tls.SecretName != "" && !c.Has(kube.Secrets.Ref(i.Namespace, tls.SecretName)) {
			s.Severity, s.Keys = triage.S3, []triage.Key{{Kind: triage.ByConfig, Name: "Secret " + i.Namespace + "/" + tls.SecretName}}
			return fault("certificate-missing", "the Secret %s with its certificate does not exist", tls.SecretName)
		}
	}
	return s, false
}

// hostBackend is a backend with the host and path that lead to it.
type hostBackend struct {
	*networkingv1.IngressBackend
	host string
}

// backendsWithHosts returns the backends of an Ingress that are Services.
func backendsWithHosts(i *networkingv1.Ingress) []hostBackend {
	var all []hostBackend
	add := func(b *networkingv1.IngressBackend, host string) {
		if b != nil && b.Service != nil {
			all = append(all, hostBackend{b, host})
		}
	}
	add(i.Spec.DefaultBackend, "any host")
	for _, rule := range i.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		host := rule.Host
		if host == "" {
			host = "any host"
		}
		for j := range rule.HTTP.Paths {
			add(&rule.HTTP.Paths[j].Backend, host+rule.HTTP.Paths[j].Path)
		}
	}
	return all
}

func hasPort(s *corev1.Service, port networkingv1.ServiceBackendPort) bool {
	if s.Spec.Type == corev1.ServiceTypeExternalName || port.Name == "" && port.Number == 0 {
		return true
	}
	for _, p := range s.Spec.Ports {
		if port.Name != "" && p.Name == port.Name || port.Name == "" && p.Port == port.Number {
			return true
		}
	}
	return false
}

func portText(port networkingv1.ServiceBackendPort) string {
	if port.Name != "" {
		return port.Name
	}
	return fmt.Sprint(port.Number)
}
