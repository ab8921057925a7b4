package ownership

import (
	"cmp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Resources returns the resources that people write manifests of, and of which a live view
// keeps who wrote what.
func Resources() []kube.Resource {
	return []kube.Resource{
		kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.CronJobs, kube.Services, kube.Ingresses,
		kube.NetworkPolicies, kube.HorizontalPodAutoscalers, kube.PodDisruptionBudgets, kube.ConfigMaps, kube.Secrets,
		kube.ServiceAccounts, kube.Roles, kube.RoleBindings, kube.ClusterRoles, kube.ClusterRoleBindings,
		kube.LimitRanges, kube.ResourceQuotas,
	}
}

// Standing says what becomes of a change that somebody makes of an object.
type Standing int

// The standings, from what is written down to what nobody knows.
const (
	Delivered  Standing = iota // from Git, by Argo CD, Flux or Fleet: undone, and what is in Git stays
	Managed                    // by another tool or an operator, which writes it again
	Program                    // by a client that is no tool that is known: a pipeline, a controller
	Hand                       // by people: nothing brings back what is lost
	Kubernetes                 // by the cluster's own controllers
	Unknown                    // the server does not say who wrote it, or nobody did
)

// String names a standing in a word.
func (s Standing) String() string {
	return [...]string{"delivered", "managed", "program", "by hand", "kubernetes", "unknown"}[s]
}

// Item is an object, and who it belongs to.
type Item struct {
	Ref      kube.Ref
	Standing Standing
	// By is who the object belongs to or who wrote it last, in a few letters, to group by:
	// a tool, "kubectl", the name of a client, "Kubernetes"; "" where nobody knows.
	By    string
	Owner Owner // zero unless Delivered or Managed; without Source, see [Of]
	// Writers are who has a part in it, the newest first.
	Writers []kube.Written
	// Changes are what people changed by hand of what is delivered. Nil too where that
	// cannot be read.
	Changes []Change
}

// Inventory returns the objects of [Resources] that a view has, those first that people
// changed by hand, then by standing, namespace, kind and name. It goes through all of them.
func Inventory(c *kube.Cluster) []Item { return inventory(c, c.Objects) }

// InventoryIn is [Inventory] of a namespace, or of what is in none: "".
func InventoryIn(c *kube.Cluster, namespace string) []Item {
	return inventory(c, func(r kube.Resource) []kube.Object { return c.ObjectsIn(r, namespace) })
}

func inventory(c *kube.Cluster, of func(kube.Resource) []kube.Object) []Item {
	var items []Item
	for _, r := range Resources() {
		for _, o := range of(r) {
			if m, ok := o.(metav1.Object); ok {
				items = append(items, itemOf(c, r.Ref(m.GetNamespace(), m.GetName()), o, m))
			}
		}
	}
	changed := func(i *Item) int { return min(len(i.Changes), 1) }
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(changed(&b)-changed(&a), CompareStandings(a.Standing, b.Standing), kube.CompareRefs(a.Ref, b.Ref))
	})
	return items
}

// CompareStandings orders standings by how much there is to do, most first.
func CompareStandings(a, b Standing) int {
	order := []Standing{Hand, Program, Managed, Delivered, Kubernetes, Unknown}
	return slices.Index(order, a) - slices.Index(order, b)
}

func itemOf(c *kube.Cluster, ref kube.Ref, o kube.Object, m metav1.Object) Item {
	i := Item{Ref: ref, Owner: Marked(m), Writers: kube.Writers(o)}
	switch {
	case !i.Owner.IsZero():
		i.Standing, i.By = Managed, i.Owner.Tool
		if slices.Contains([]string{ArgoCD, Flux, Fleet}, i.Owner.Tool) {
			i.Standing = Delivered
		}
	case m.GetLabels()["kubernetes.io/bootstrapping"] != "", len(i.Writers) == 0 && len(m.GetManagedFields()) > 0:
		i.Standing, i.By = Kubernetes, Kubernetes.String()
	case len(i.Writers) == 0:
		i.Standing = Unknown
	case byPeople(i.Writers[0].Manager):
		i.Standing, i.By = Hand, "kubectl"
		if !strings.HasPrefix(i.Writers[0].Manager, "kubectl") {
			i.By = i.Writers[0].Manager
		}
	default:
		i.Standing, i.By = Program, i.Writers[0].Manager
	}
	if i.Standing == Delivered && !Excepted(m) {
		i.Changes, _ = Changes(c, ref, m) // the rule gitops-manual-change says what cannot be read
	}
	return i
}

// byPeople reports whether a client is one that people use. kubectl apply is, though
// pipelines use it as well: nothing of the object brings it back.
func byPeople(manager string) bool {
	return strings.HasPrefix(manager, "kubectl") || manager == kube.KubectlApply ||
		kube.ByHand(metav1.ManagedFieldsEntry{Manager: manager})
}

// Group is what one tool or client has.
type Group struct {
	By       string
	Standing Standing
	Objects  int
	Changed  int // of them, by hand, since they were delivered
}

// Groups counts items by who they belong to, the largest first.
func Groups(items []Item) []Group {
	at := map[string]int{}
	var groups []Group
	for i := range items {
		key := items[i].By + "\n" + items[i].Standing.String()
		n, known := at[key]
		if !known {
			n, at[key] = len(groups), len(groups)
			groups = append(groups, Group{By: items[i].By, Standing: items[i].Standing})
		}
		groups[n].Objects++
		groups[n].Changed += min(len(items[i].Changes), 1)
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(b.Objects-a.Objects, int(a.Standing-b.Standing), strings.Compare(a.By, b.By))
	})
	return groups
}
