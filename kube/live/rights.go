package live

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// way is how a resource is read in a place: what the server is asked for, and by what.
type way struct {
	verbs  []string
	reader func(*feed) reader
}

// wayOf returns how a resource is read in a namespace, or in all of them ("").
func wayOf(r kube.Resource, namespace string) way {
	switch {
	case r == kube.PodMetrics || r == kube.NodeMetrics:
		return way{[]string{"list"}, func(f *feed) reader { return newPoller(f, metricsEvery, f.readUsage) }}
	case r.Page() != "":
		return way{[]string{"get"}, func(f *feed) reader { return newPoller(f, pagesEvery, f.readVersionedPage) }}
	case r == kube.Constraints:
		return way{[]string{"list"}, func(f *feed) reader { return newPoller(f, constraintsEvery, f.readConstraints) }}
	case r == kube.Leases:
		return way{[]string{"list"}, func(f *feed) reader { return newPoller(f, leasesEvery, f.readLeases) }}
	case r == kube.Namespaces && namespace != "":
		return way{[]string{"get"}, func(f *feed) reader { return newPoller(f, namespaceEvery, f.readNamespace) }}
	}
	return way{[]string{"list", "watch"}, func(f *feed) reader { return newReflecting(f) }}
}

// places returns where a resource is read if only some namespaces are asked for, nil for
// all: "" is the whole cluster. Leases are read where nodes and the control plane have
// theirs; elsewhere operators elect their leaders.
func places(r kube.Resource, namespaces []string) []string {
	switch {
	case r == kube.Leases:
		return slices.DeleteFunc([]string{kube.NodeLeases, kube.LeaderLeases}, func(n string) bool {
			return len(namespaces) > 0 && !slices.Contains(namespaces, n)
		})
	case len(namespaces) == 0, !r.Namespaced && r != kube.Namespaces:
		return []string{""}
	}
	return namespaces
}

// Rights returns what [Source.Watch] needs to read everything in some namespaces, nil
// for all, and what is in none: for each resource of the view, in their order, the verbs
// that its feeds use. Everybody who is logged in may ask for the version of a server and
// its health, for what it serves and what one may do (ClusterRoles system:discovery,
// system:public-info-viewer and system:basic-user), so that this is not among them.
func Rights(namespaces []string) []kube.Right {
	var rights []kube.Right
	for _, r := range kube.Resources() {
		if r == kube.Livez {
			continue
		}
		for _, namespace := range places(r, namespaces) {
			for _, verb := range wayOf(r, namespace).verbs {
				right := kube.Right{Verb: verb, Group: r.Group, Resource: r.Plural, Namespace: namespace}
				if r.Page() != "" {
					right = kube.Right{Verb: verb, Path: r.Page()}
				}
				if r == kube.Namespaces {
					right.Name = namespace // a Namespace is in itself
				}
				rights = append(rights, right)
			}
		}
	}
	return rights
}

// RightsToOpen returns what [Source.Object] needs beside that to read any object that is
// in a view of all namespaces, or of some.
func RightsToOpen(namespaces []string) []kube.Right {
	var rights []kube.Right
	for _, r := range kube.Resources() {
		usage := r == kube.PodMetrics || r == kube.NodeMetrics
		if usage || r.Page() != "" || r == kube.Namespaces && len(namespaces) > 0 { // those are got one by one anyway
			continue
		}
		for _, namespace := range places(r, namespaces) {
			rights = append(rights, kube.Right{Verb: "get", Group: r.Group, Resource: r.Plural, Namespace: namespace})
		}
	}
	return rights
}

// RightsToLogs returns what [Source.Logs] needs in all namespaces, or in some.
func RightsToLogs(namespaces []string) []kube.Right {
	var rights []kube.Right
	for _, namespace := range places(kube.Pods, namespaces) {
		rights = append(rights, kube.Right{Verb: "get", Group: kube.Pods.Group, Resource: kube.Pods.Plural, Subresource: "log", Namespace: namespace})
	}
	return rights
}
