package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func ingress() Capability {
	return Capability{
		ID:     "ingress",
		Title:  "One way in for traffic from outside",
		Level:  Maintained,
		About:  "What comes in through one place can be encrypted, limited and watched there.",
		Advice: "Install a controller of the Gateway API, and lead Services through it instead of giving each a load balancer.",
		Reads:  slices.Concat([]kube.Resource{kube.IngressClasses, kube.GatewayClasses}, componentResources()),
		Hidden: "controllers of GKE and AKS run outside of the cluster",
		Rules: []string{
			"ingress-class-missing", "ingress-backend-service-missing", "ingress-load-balancer-error",
			"gateway-class-missing", "gateway-not-programmed", "route-parent-missing", "route-backend-missing", "route-not-accepted",
		},
		Others: []string{"ingress-nginx-end-of-life"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for class := range c.IngressClasses.All() {
				traces = append(traces, Trace{What: "IngressClass", Ref: kube.IngressClasses.Ref("", class.Name), Says: "served by " + class.Spec.Controller})
			}
			for class := range c.Custom(kube.GatewayClasses).All() {
				traces = append(traces, Trace{What: "GatewayClass", Ref: kube.GatewayClasses.Ref("", class.GetName())})
			}
			return append(traces, running(c,
				component{what: "Contour", images: []string{"projectcontour/contour", "contour"}},
				component{what: "Envoy Gateway", images: []string{"envoyproxy/gateway"}},
				component{what: "HAProxy Ingress", images: []string{"haproxytech/kubernetes-ingress", "jcmoraisjr/haproxy-ingress"}},
				component{what: "ingress-nginx", images: []string{"ingress-nginx/controller", "ingress-nginx/controller-chroot"}},
				component{what: "Istio gateway", images: []string{"istio/proxyv2"}},
				component{what: "Kong", images: []string{"kong/kubernetes-ingress-controller"}},
				component{what: "NGINX Gateway Fabric", images: []string{"nginx/nginx-gateway-fabric"}},
				component{what: "NGINX Ingress Controller", images: []string{"nginx/nginx-ingress", "nginx-ic/nginx-ingress"}},
				component{what: "Traefik", images: []string{"traefik"}},
			)...)
		},
	}
}
