package network

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gatewayNotProgrammed = &audit.Rule{
	ID:       "gateway-not-programmed",
	Title:    "A Gateway does not listen as it is written",
	Severity: audit.High,
	Rationale: "Traffic from outside does not come in, or by what was written before: a listener whose certificate is missing answers nobody, " +
		"and what was changed since it was last taken over is not in effect.",
	Remediation: "The condition names what is wrong: a class that no controller takes, a Secret that is missing or that no ReferenceGrant opens, " +
		"a port or a host that another listener has, an address that nobody gives.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Gateways, kube.GatewayClasses},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a Gateway may be not programmed: load balancers of clouds take some to be made.",
		Value: 15,
	}},
	Check: audit.EachOf([]kube.Resource{kube.Gateways, kube.GatewayClasses}, func(p *audit.Pass, o kube.Object) {
		state, err := kube.Decode[gatewayState](o.(*unstructured.Unstructured))
		switch {
		case err != nil:
			p.Unknown(err.Error())
		case len(state.Status.Conditions) == 0:
			p.NotApplicable() // a manifest, or no controller has looked at it
		default:
			judgeGateway(p, &state)
		}
	}),
}

// gatewayState is what the controller of a Gateway or of its class says of it
// (https://gateway-api.sigs.k8s.io/geps/gep-1364/).
type gatewayState struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Listeners []listenerState `json:"listeners"`
	} `json:"spec"`
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
		Listeners  []listenerState    `json:"listeners"`
	} `json:"status"`
}

// listenerState is a listener and, in the status, what is said of it.
type listenerState struct {
	Name       string             `json:"name"`
	Conditions []metav1.Condition `json:"conditions"`
}

func judgeGateway(p *audit.Pass, g *gatewayState) {
	if c := refused(p, g.Metadata.Generation, g.Status.Conditions, "Accepted", "Programmed"); c != nil {
		p.Report(audit.Finding{Path: "spec", Message: "it is " + refusal(c), Detail: controllerSays(c)})
	}
	for _, l := range g.Status.Listeners {
		c := refused(p, g.Metadata.Generation, l.Conditions, "Accepted", "ResolvedRefs", "Programmed")
		if c == nil {
			continue
		}
		path := "spec.listeners"
		if at := slices.IndexFunc(g.Spec.Listeners, func(s listenerState) bool { return s.Name == l.Name }); at >= 0 {
			path = fmt.Sprintf("spec.listeners[%d]", at)
		}
		p.Report(audit.Finding{Path: path, Message: "listener " + l.Name + " is " + refusal(c), Detail: controllerSays(c)})
	}
}

// refused returns the first of some conditions that is false for longer than a controller
// may take, nil for none. What is said of an older generation is not of what is written; 0
// is what a controller says that does not tell.
func refused(p *audit.Pass, generation int64, conditions []metav1.Condition, kinds ...string) *metav1.Condition {
	for _, kind := range kinds {
		c := meta.FindStatusCondition(conditions, kind)
		if c != nil && c.Status == metav1.ConditionFalse && (c.ObservedGeneration == 0 || c.ObservedGeneration >= generation) &&
			p.Cluster.Lasted(c.LastTransitionTime, p.Number("graceMinutes")) {
			return c
		}
	}
	return nil
}

// refusal words a condition of the Gateway API that is false.
func refusal(c *metav1.Condition) string {
	what := map[string]string{"Accepted": "not accepted", "Programmed": "not programmed", "ResolvedRefs": "without what it refers to"}[c.Type]
	return what + " (" + cmp.Or(c.Reason, "no reason given") + ")"
}

func controllerSays(c *metav1.Condition) string {
	return "Since " + kube.Moment(c.LastTransitionTime) + " its controller says: " +
		strings.TrimSuffix(cmp.Or(strings.TrimSpace(c.Message), "nothing more"), ".") + "."
}
