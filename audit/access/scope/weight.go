package scope

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// weigh returns how much harm there is in a verb on a resource, and of what sort
// it is. A read of something harmless weighs 1, a write 3; the rest is by what an
// attacker makes of it. That get opens a shell on servers before 1.35 is left to
// the attack graph, as is that some ConfigMaps of kube-system are worth more.
func weigh(group, resource, sub, verb string) (int, Danger) {
	name := resource
	if sub != "" {
		name += "/" + sub
	}
	for _, w := range weighty(group) {
		if w.name == name && slices.Contains(w.verbs, verb) {
			return w.weight, w.danger
		}
	}
	switch {
	case isSelfReview(resource) || resource == "leases" || resource == "events":
		return 0, None
	case !isRead(verb):
		return 3, Minor
	case name == "configmaps" || name == "pods/log":
		return 1, Minor
	}
	return 1, Reads
}

func isSelfReview(resource string) bool {
	return resource == "selfsubjectreviews" || resource == "selfsubjectaccessreviews" || resource == "selfsubjectrulesreviews"
}

// weightyVerbs are verbs on a resource that weigh more than others.
type weightyVerbs struct {
	name   string
	verbs  []string
	weight int
	danger Danger
}

var (
	writeVerbs  = []string{"create", "update", "patch"}
	changeVerbs = []string{"update", "patch"}
	readVerbs   = []string{"get", "list", "watch"}
)

func weighty(group string) []weightyVerbs {
	changes := []string{"create", "update", "patch", "delete", "deletecollection"}
	switch group {
	case "":
		return []weightyVerbs{
			{"secrets", readVerbs, 40, Major},
			{"secrets", changes, 30, Major},
			{"pods", []string{"create"}, 60, Total},
			{"pods", changeVerbs, 50, Total},
			{"replicationcontrollers", writeVerbs, 50, Total},
			{"pods/exec", []string{"create"}, 60, Total},
			{"pods/attach", []string{"create"}, 60, Total},
			{"pods/ephemeralcontainers", changeVerbs, 60, Total},
			{"serviceaccounts/token", []string{"create"}, 60, Total},
			{"serviceaccounts", []string{"impersonate"}, 100, Total},
			{"users", []string{"impersonate"}, 100, Total},
			{"groups", []string{"impersonate"}, 100, Total},
			{"nodes/proxy", verbsOfPart("proxy"), 100, Total},
			{"persistentvolumes", []string{"create"}, 60, Total},
			{"nodes", changes, 40, Major},
			{"namespaces", changes, 30, Major},
			{"services", writeVerbs, 15, Minor},
			{"endpoints", writeVerbs, 15, Minor},
			{"configmaps", writeVerbs, 8, Minor},
		}
	case "apps":
		return []weightyVerbs{
			{"deployments", writeVerbs, 50, Total},
			{"daemonsets", writeVerbs, 50, Total},
			{"statefulsets", writeVerbs, 50, Total},
			{"replicasets", writeVerbs, 50, Total},
		}
	case "batch":
		return []weightyVerbs{{"jobs", writeVerbs, 50, Total}, {"cronjobs", writeVerbs, 50, Total}}
	case rbacv1.GroupName: // how dangerous these verbs are depends on who may write
		verbs := []string{"bind", "escalate"}
		return []weightyVerbs{{"roles", verbs, 100, Minor}, {"clusterroles", verbs, 100, Minor}}
	case "admissionregistration.k8s.io":
		return []weightyVerbs{
			{"mutatingwebhookconfigurations", writeVerbs, 100, Total},
			{"validatingwebhookconfigurations", writeVerbs, 100, Total},
			{"mutatingadmissionpolicies", writeVerbs, 100, Total},
			{"mutatingadmissionpolicybindings", writeVerbs, 100, Total},
		}
	case "certificates.k8s.io":
		return []weightyVerbs{
			{"certificatesigningrequests/approval", changeVerbs, 80, Major},
			{"signers", []string{"approve", "sign", "attest"}, 80, Major},
		}
	case "apiregistration.k8s.io":
		return []weightyVerbs{{"apiservices", writeVerbs, 80, Total}}
	case "apiextensions.k8s.io":
		return []weightyVerbs{{"customresourcedefinitions", writeVerbs, 40, Major}}
	case "discovery.k8s.io":
		return []weightyVerbs{{"endpointslices", writeVerbs, 15, Minor}}
	}
	return nil
}
