package deploy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// Access is who looks at what.
type Access struct {
	Name      string // of the roles and their bindings
	Namespace string // of the ServiceAccount
	Account   string // its name
	// Namespaces are those to look at, nil for all.
	Namespaces []string
	// RolesOnly leaves out what is in no namespace, which takes a ClusterRole.
	RolesOnly bool
	// Without are resources that must not be read.
	Without []kube.Resource
	Objects bool // whole objects may be opened in the terminal program
	Logs    bool // and the logs of containers
}

// Validate finds what no server would accept.
func (a Access) Validate() error {
	named := map[string]string{"the role's name": a.Name, "the ServiceAccount's name": a.Account}
	for what, name := range named {
		if problems := validation.IsDNS1123Subdomain(name); len(problems) > 0 {
			return fmt.Errorf("reading %s %q: %s", what, name, problems[0])
		}
	}
	for _, namespace := range append([]string{a.Namespace}, a.Namespaces...) {
		if problems := validation.IsDNS1123Label(namespace); len(problems) > 0 {
			return fmt.Errorf("reading the namespace %q: %s", namespace, problems[0])
		}
	}
	if a.RolesOnly && len(a.Namespaces) == 0 {
		return errors.New("reading --roles-only: a Role is in a namespace; say with -n which to look at")
	}
	return nil
}

// grant is what one role grants: a ClusterRole in no namespace, or a Role in one.
type grant struct {
	namespace string
	rules     []rule
}

// rule grants the same verbs for resources of one group, or for paths.
type rule struct {
	group     string
	resources []string // with their subresources; paths if they begin with a slash
	verbs     []string
	name      string // of the only object, "" for all
}

// ofPaths reports whether the rule is about paths of the server and no resources.
func (r rule) ofPaths() bool { return strings.HasPrefix(r.resources[0], "/") }

// grants returns the fewest roles that let the program look: that of the cluster first.
func (a Access) grants() []grant {
	var all []grant
	for _, r := range a.rights() {
		i := slices.IndexFunc(all, func(g grant) bool { return g.namespace == r.Namespace })
		if i < 0 {
			i, all = len(all), append(all, grant{namespace: r.Namespace})
		}
		all[i].add(r)
	}
	for i := range all {
		all[i].join()
	}
	slices.SortStableFunc(all, func(a, b grant) int { return strings.Compare(a.namespace, b.namespace) })
	return all
}

// rights returns what the program asks for, without what it must not.
func (a Access) rights() []kube.Right {
	namespaces := slices.Compact(slices.Sorted(slices.Values(a.Namespaces)))
	rights := live.Rights(namespaces)
	if a.Objects {
		rights = append(rights, live.RightsToOpen(namespaces)...)
	}
	if a.Logs {
		rights = append(rights, live.RightsToLogs(namespaces)...)
	}
	return slices.DeleteFunc(rights, func(r kube.Right) bool {
		return a.RolesOnly && r.Namespace == "" || slices.ContainsFunc(a.Without, func(w kube.Resource) bool { return isAbout(r, w) })
	})
}

// isAbout reports whether a right lets a resource be read.
func isAbout(r kube.Right, resource kube.Resource) bool {
	if page := resource.Page(); page != "" {
		return r.Path == page
	}
	return r.Group == resource.Group && r.Resource == resource.Plural
}

// add adds a right to the rule of its resource.
func (g *grant) add(r kube.Right) {
	resource := r.Resource + r.Path
	if r.Subresource != "" {
		resource += "/" + r.Subresource
	}
	i := slices.IndexFunc(g.rules, func(k rule) bool {
		return k.group == r.Group && k.name == r.Name && k.resources[0] == resource
	})
	if i < 0 {
		g.rules = append(g.rules, rule{r.Group, []string{resource}, []string{r.Verb}, r.Name})
		return
	}
	g.rules[i].verbs = append(g.rules[i].verbs, r.Verb)
}

// join makes one rule of those that differ by their resource alone.
func (g *grant) join() {
	var joined []rule
	for _, r := range g.rules {
		slices.Sort(r.verbs)
		i := slices.IndexFunc(joined, func(k rule) bool {
			return k.group == r.group && k.name == r.name && k.ofPaths() == r.ofPaths() && slices.Equal(k.verbs, r.verbs)
		})
		if i < 0 {
			joined = append(joined, r)
			continue
		}
		joined[i].resources = append(joined[i].resources, r.resources...)
	}
	g.rules = joined
}

// unread returns the resources that the roles do not let the program read, in the order
// of the view.
func (a Access) unread() []kube.Resource {
	var list []kube.Resource
	for _, r := range kube.Resources() {
		if slices.Contains(a.Without, r) || a.RolesOnly && !r.Namespaced && r != kube.Namespaces {
			list = append(list, r)
		}
	}
	return list
}
