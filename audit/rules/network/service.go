package network

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachService returns a Check that judges every Service.
func eachService(judge func(*audit.Pass, *corev1.Service)) audit.Check {
	return audit.EachObject(kube.Services,
		func(c *kube.Cluster) kube.Table[*corev1.Service] { return c.Services }, judge)
}

// eachSelecting judges the Services that find their endpoints by a selector: those
// of others are made by hand, or are a name elsewhere. What Knative makes for a revision
// has endpoints while that is asked for something.
func eachSelecting(judge func(*audit.Pass, *corev1.Service)) audit.Check {
	return eachService(func(p *audit.Pass, s *corev1.Service) {
		if len(s.Spec.Selector) == 0 || s.Spec.Type == corev1.ServiceTypeExternalName || ofKnative(s) {
			p.NotApplicable()
			return
		}
		judge(p, s)
	})
}

func ofKnative(s *corev1.Service) bool {
	owner := metav1.GetControllerOfNoCopy(s)
	return owner != nil && strings.Contains(owner.APIVersion, ".knative.dev/")
}

// eachServing judges the Services that serve workloads of the view.
func eachServing(judge func(*audit.Pass, *corev1.Service, []*kube.Workload)) audit.Check {
	return eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		served := p.Cluster.WorkloadsServed(s)
		if len(served) == 0 {
			p.NotApplicable()
			return
		}
		judge(p, s, served)
	})
}

// headless reports whether clients connect to the pods themselves.
func headless(s *corev1.Service) bool { return s.Spec.ClusterIP == corev1.ClusterIPNone }

// selectsRunning reports whether a Service selects a pod, whatever it belongs to.
func selectsRunning(c *kube.Cluster, s *corev1.Service) bool {
	return len(c.PodsSelected(s.Namespace, labels.SelectorFromSet(s.Spec.Selector))) > 0
}

// scaledToZero reports whether no workload is meant to have pods.
func scaledToZero(c *kube.Cluster, workloads []*kube.Workload) bool {
	return !slices.ContainsFunc(workloads, func(w *kube.Workload) bool {
		replicas, known := c.DesiredReplicas(w)
		return !known || replicas > 0
	})
}

// delivered reports whether Flagger runs all workloads only while it tries a new version.
func delivered(c *kube.Cluster, workloads []*kube.Workload) bool {
	return !slices.ContainsFunc(workloads, func(w *kube.Workload) bool {
		_, is := c.CanaryOf(w.Ref)
		return !is
	})
}

// runToCompletion reports whether the pods of all workloads come and go.
func runToCompletion(workloads []*kube.Workload) bool {
	return !slices.ContainsFunc(workloads, func(w *kube.Workload) bool { return !w.RunsToCompletion() })
}

// endpoints is how many endpoints a Service has. One that has an address of each
// family counts once.
type endpoints struct {
	ready, serving, notReady int
}

func (e endpoints) all() int { return e.ready + e.serving + e.notReady }

// endpointsOf has the endpoints of the Services of a namespace, by name.
var endpointsOf = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]endpoints {
	families := map[string]map[discoveryv1.AddressType]endpoints{}
	for _, slice := range c.EndpointSlices.In(namespace) {
		if slice.Service == "" {
			continue
		}
		if families[slice.Service] == nil {
			families[slice.Service] = map[discoveryv1.AddressType]endpoints{}
		}
		e := families[slice.Service][slice.AddressType]
		families[slice.Service][slice.AddressType] = endpoints{
			e.ready + slice.Ready, e.serving + slice.Serving, e.notReady + slice.NotReady,
		}
	}
	counts := make(map[string]endpoints, len(families))
	for service, byFamily := range families {
		var most endpoints
		for _, e := range byFamily {
			most = endpoints{max(most.ready, e.ready), max(most.serving, e.serving), max(most.notReady, e.notReady)}
		}
		counts[service] = most
	}
	return counts
})

// target returns the port of the pods that a port of a Service leads to, with the
// API's default: the same number.
func target(port *corev1.ServicePort) intstr.IntOrString {
	if port.TargetPort == (intstr.IntOrString{}) {
		return intstr.FromInt32(port.Port)
	}
	return port.TargetPort
}

// containerPorts returns the ports that containers of workloads declare which run
// as long as the pod, for one protocol.
func containerPorts(workloads []*kube.Workload, protocol corev1.Protocol) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for _, w := range workloads {
		for c := range w.Containers() {
			if !c.LongRunning() {
				continue
			}
			for _, port := range c.Ports {
				if protocolOf(port.Protocol) == protocolOf(protocol) {
					ports = append(ports, port)
				}
			}
		}
	}
	return ports
}

// declaresPorts reports whether a container of a workload declares a port.
func declaresPorts(w *kube.Workload) bool {
	for c := range w.Containers() {
		if c.LongRunning() && len(c.Ports) > 0 {
			return true
		}
	}
	return false
}

// portName names a port of a Service for people.
func portName(port *corev1.ServicePort) string {
	if port.Name == "" {
		return fmt.Sprintf("port %d", port.Port)
	}
	return fmt.Sprintf("port %s (%d)", port.Name, port.Port)
}

// shortNames names workloads as kubectl does.
func shortNames(workloads []*kube.Workload) string {
	texts := make([]string, len(workloads))
	for i, w := range workloads {
		texts[i] = w.Ref.Short()
	}
	return few(texts)
}
