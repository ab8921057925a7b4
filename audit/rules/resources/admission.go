package resources

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A server asks what pods are given, not what makes them: by the time that a policy
// judges a pod, the API has filled in a request for each limit, and the LimitRanges
// of the namespace the rest, as [kube.Cluster.Requirements] does for a template.

// What resources are of, in an expression about a container.
const (
	own   = "c"
	whole = "variables.podSpec"
)

// amount is the quantity of a resource in a list, 0 where there is none. Name is an
// expression: "'cpu'".
func amount(of, list, name string) string {
	return fmt.Sprintf("quantity(%s.?resources.%s[?%s].orValue('0'))", of, list, name)
}

// none is true where a list has nothing of a resource ([given]).
func none(of, list, name string) string {
	return amount(of, list, name) + ".compareTo(quantity('0')) == 0"
}

// withoutAny is true where neither list has anything of some resources.
func withoutAny(of string, names ...corev1.ResourceName) string {
	var texts []string
	for _, name := range names {
		texts = append(texts, audit.Text(string(name)))
	}
	return fmt.Sprintf("[%s].all(n, %s && %s)", strings.Join(texts, ", "), none(of, requests, "n"), none(of, limits, "n"))
}

// asksFor is [missing] for a server.
func asksFor(list string, name corev1.ResourceName) *audit.Admission {
	text := audit.Text(string(name))
	return &audit.Admission{
		Resources: []kube.Resource{kube.Pods}, Except: "!(" + none(whole, list, text) + ")",
		Among: "declared", Container: none(own, list, text),
	}
}

// asksForEqual is [unequal] for a server.
func asksForEqual(name corev1.ResourceName) *audit.Admission {
	text := audit.Text(string(name))
	less := func(of string) string {
		return "!(" + none(of, requests, text) + ") && " + amount(of, requests, text) + ".isLessThan(" + amount(of, limits, text) + ")"
	}
	return &audit.Admission{
		Resources: []kube.Resource{kube.Pods}, Among: "declared", Container: less(own), Object: less(whole),
	}
}
