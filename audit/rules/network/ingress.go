package network

import (
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachIngress returns a Check that judges every Ingress.
func eachIngress(judge func(*audit.Pass, *networkingv1.Ingress)) audit.Check {
	return audit.EachObject(kube.Ingresses,
		func(c *kube.Cluster) kube.Table[*networkingv1.Ingress] { return c.Ingresses }, judge)
}

// classAnnotation names the class of an Ingress where spec.ingressClassName does
// not; IngressClass objects need not exist for it.
const classAnnotation = "kubernetes.io/ingress.class"

// className returns the class that an Ingress names, "" for the default.
func className(i *networkingv1.Ingress) string {
	if i.Spec.IngressClassName != nil {
		return *i.Spec.IngressClassName
	}
	return i.Annotations[classAnnotation]
}

// defaultClass is the IngressClass of Ingresses that name none, nil if there is none.
var defaultClass = kube.Derive(func(c *kube.Cluster) *networkingv1.IngressClass {
	for class := range c.IngressClasses.All() {
		if class.Annotations[networkingv1.AnnotationIsDefaultIngressClass] == "true" {
			return class
		}
	}
	return nil
}).From(kube.IngressClasses)

// classOf returns the class that an Ingress has in effect, "" if it has none, and
// the controller of it, "" if that is not known.
func classOf(c *kube.Cluster, i *networkingv1.Ingress) (class, controller string) {
	name := className(i)
	if name == "" {
		if class := defaultClass.Of(c); class != nil {
			return class.Name, class.Spec.Controller
		}
		return "", ""
	}
	if class, held := c.IngressClasses.Get("", name); held {
		return name, class.Spec.Controller
	}
	return name, ""
}

// ownBalancer reports whether each Ingress of a class gets a load balancer of its
// own, so that none gets in the way of another.
func ownBalancer(class, controller string) bool {
	return slices.Contains([]string{"gce", "gce-internal", "alb"}, class) ||
		slices.Contains([]string{"ingress.k8s.aws/alb", "eks.amazonaws.com/alb", "k8s.io/ingress-gce"}, controller)
}

// covers reports whether a host of a certificate or of spec.tls stands for a host
// of a rule: a wildcard does for one label.
func covers(pattern, host string) bool {
	if strings.EqualFold(pattern, host) {
		return true
	}
	suffix, wild := strings.CutPrefix(pattern, "*")
	_, rest, _ := strings.Cut(host, ".")
	return wild && strings.EqualFold(suffix, "."+rest)
}

// terminatedElsewhere returns the annotation by which an Ingress says that its
// connections are encrypted without spec.tls, "" if there is none.
func terminatedElsewhere(i *networkingv1.Ingress) string {
	for _, known := range terminations() {
		key, part, _ := strings.Cut(known, "=")
		if value := i.Annotations[key]; value != "" && strings.Contains(value, part) {
			return key
		}
	}
	return ""
}

// location is a host and a path that Ingresses of a class serve.
type location struct {
	class, host, path string
	kind              networkingv1.PathType
}

// claim is an Ingress that serves a location, and where it says so.
type claim struct {
	ingress kube.Ref
	path    string
}

// terminations are the annotations of [terminatedElsewhere], each with a part that
// its value has then, none for any.
func terminations() []string {
	return []string{
		"alb.ingress.kubernetes.io/certificate-arn=",
		"alb.ingress.kubernetes.io/listen-ports=HTTPS",
		"ingress.gcp.kubernetes.io/pre-shared-cert=",
		"networking.gke.io/managed-certificates=",
		"networking.gke.io/certmap=",
		"nginx.ingress.kubernetes.io/ssl-passthrough=true",
		"haproxy.org/ssl-passthrough=true",
		"haproxy-ingress.github.io/ssl-passthrough=true",
		"traefik.ingress.kubernetes.io/router.tls=true",
		"traefik.ingress.kubernetes.io/router.entrypoints=websecure",
		"appgw.ingress.kubernetes.io/appgw-ssl-certificate=",
		"route.openshift.io/termination=",
	}
}
