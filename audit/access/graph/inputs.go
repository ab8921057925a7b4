package graph

import (
	"maps"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// inputs are what a graph is made of, and nothing else of a view: two views
// with equal inputs have the same graph.
type inputs struct {
	index *access.Index
	// roles and clusterRoles are the same wherever index is.
	roles        kube.Table[*rbacv1.Role]
	clusterRoles kube.Table[*rbacv1.ClusterRole]
	minor        int // of the server, 0 if unknown
	namespaces   []namespaceRow
	tokens       []tokenRow
	pools        []pool
	exposures    []exposure
	backends     []backend
	mutating     hooks
	validating   hooks
	kinds        []string // custom resources that are installed, "plural.group"
	named        namedObjects
	whole        bool // a namespace that the view does not know does not exist
	// guard names the policy engine that may refuse pods, "" if none is seen.
	guard string
	// spaces are what is read namespace by namespace, around is what that depends
	// on beside; changed is set where they do not say the same as those of before.
	spaces  map[string]*space
	around  *surroundings
	changed bool
	graph   func() *Graph
	// awsAuth, kubeletConfig and bootstrapToken are set where kube-system holds them.
	awsAuth, kubeletConfig, bootstrapToken bool
}

// namespaceRow is what the graph knows of a namespace.
type namespaceRow struct {
	name string
	// privileged is set unless Pod Security refuses pods that break out.
	privileged bool
	held       bool // the view has the Namespace
	// whole is set if a ServiceAccount that the view does not hold does not exist.
	whole bool
}

// accountRow is a ServiceAccount that the view holds.
type accountRow struct {
	namespace, name string
	clouds          []cloudRow
}

// tokenRow is a Secret with a token of a ServiceAccount.
type tokenRow struct{ namespace, name, account string }

// made has the inputs of a view. As long as they say the same, they have the same
// graph.
var made = kube.Revise(gather)

// gather reads the inputs of a view, and takes over what it can of those of an
// earlier one; before is nil if there is none.
func gather(c *kube.Cluster, before *inputs) *inputs {
	in := &inputs{
		index: access.Of(c), roles: c.Roles, clusterRoles: c.ClusterRoles, minor: c.Info.Minor(), pools: poolsOf(c),
		namespaces: namespacesOf(c), kinds: customKinds(c), backends: webhookBackends(c), guard: guardOf(c), tokens: tokensOf(c),
	}
	in.mutating = hooksOf(c, kube.MutatingWebhookConfigurations, c.MutatingWebhookConfigurations.All())
	in.validating = hooksOf(c, kube.ValidatingWebhookConfigurations, c.ValidatingWebhookConfigurations.All())
	in.whole = !c.Info.Offline && c.Info.Scope == nil && access.Complete(c, kube.Namespaces, "")
	_, in.awsAuth = c.ConfigMaps.Get(controlNamespace, "aws-auth")
	_, in.kubeletConfig = c.ConfigMaps.Get(controlNamespace, "kubelet-config")
	in.bootstrapToken = slices.ContainsFunc(c.Secrets.In(controlNamespace), func(s *secret) bool {
		return strings.HasPrefix(s.Name, "bootstrap-token-")
	})
	s := newSurvey(c, in)
	in.around = s.around()
	in.spaces, in.changed = s.spaces(before)
	in.exposures = exposuresOf(c, in)
	for i := range in.exposures {
		if w := c.Workload(in.exposures[i].workload); w != nil {
			in.exposures[i].class = s.workload(w).key()
		}
	}
	in.named = namedObjectsOf(c, in)
	if before != nil && in.same(before) {
		in.graph = before.graph
		return in
	}
	in.graph = sync.OnceValue(func() *Graph { return assemble(in) })
	return in
}

// known returns the part of the inputs that a graph needs to find the class of a
// pod. It has no rows of a view.
func (in *inputs) known() *inputs {
	return &inputs{minor: in.minor, pools: in.pools, tokens: in.tokens}
}

// same reports whether the graph of other inputs is the same.
func (in *inputs) same(other *inputs) bool {
	return !in.changed && in.index == other.index && in.minor == other.minor && in.whole == other.whole && in.guard == other.guard &&
		in.awsAuth == other.awsAuth && in.kubeletConfig == other.kubeletConfig && in.bootstrapToken == other.bootstrapToken &&
		in.sameRows(other)
}

func (in *inputs) sameRows(other *inputs) bool {
	return slices.Equal(in.namespaces, other.namespaces) && slices.Equal(in.tokens, other.tokens) && slices.Equal(in.pools, other.pools) &&
		slices.Equal(in.exposures, other.exposures) && slices.Equal(in.backends, other.backends) && slices.Equal(in.kinds, other.kinds) &&
		in.named.same(&other.named) && in.mutating.same(other.mutating) && in.validating.same(other.validating)
}

func (found *namedObjects) same(other *namedObjects) bool {
	return maps.Equal(found.pods, other.pods) && maps.Equal(found.workloads, other.workloads) && maps.Equal(found.nodes, other.nodes)
}

// controlNamespace is where the control plane lives.
const controlNamespace = "kube-system"

func namespacesOf(c *kube.Cluster) []namespaceRow {
	names := c.NamespaceNames()
	rows := make([]namespaceRow, len(names))
	for i, name := range names {
		n, held := c.Namespaces.Get("", name)
		rows[i] = namespaceRow{
			name: name, held: held, privileged: !held || allowsPrivileged(n),
			whole: access.Complete(c, kube.ServiceAccounts, name),
		}
	}
	return rows
}

// allowsPrivileged reports whether Pod Security lets pods break out of a
// namespace. Without the label it does, but for a default that a file on the
// control plane may set; a value that admission does not know is restricted.
func allowsPrivileged(n *corev1.Namespace) bool {
	value, set := n.Labels[api.EnforceLevelLabel]
	if !set {
		return true
	}
	level, err := api.ParseLevel(value)
	return err == nil && level == api.LevelPrivileged
}

// namespace returns the row of a namespace, false if the view knows none.
func (in *inputs) namespace(name string) (namespaceRow, bool) {
	i, ok := slices.BinarySearchFunc(in.namespaces, name, func(r namespaceRow, name string) int {
		return strings.Compare(r.name, name)
	})
	if !ok {
		return namespaceRow{name: name}, false
	}
	return in.namespaces[i], true
}

// tokensOf finds the Secrets that hold tokens by their annotation: the type of
// a Secret is not read. The controller labels those that it no longer honours
// (KEP-2799).
func tokensOf(c *kube.Cluster) []tokenRow {
	var tokens []tokenRow
	for s := range c.Secrets.All() {
		account := s.Annotations[corev1.ServiceAccountNameKey]
		if _, invalid := s.Labels["kubernetes.io/legacy-token-invalid-since"]; account == "" || invalid {
			continue
		}
		tokens = append(tokens, tokenRow{s.Namespace, s.Name, account})
	}
	return tokens
}

// customKinds lists the custom resources that are installed, as their
// definitions are called.
func customKinds(c *kube.Cluster) []string {
	var names []string
	for d := range c.Custom(kube.CustomResourceDefinitions).All() {
		names = append(names, d.GetName())
	}
	slices.Sort(names)
	return names
}

// guardOf names what may refuse pods beside Pod Security: policies cannot be
// judged, so an edge that they may close is not called proven.
func guardOf(c *kube.Cluster) string {
	for p := range c.ValidatingAdmissionPolicies.All() {
		return "ValidatingAdmissionPolicy " + p.Name
	}
	for w := range c.ValidatingWebhookConfigurations.All() {
		if strings.Contains(w.Name, "kyverno") || strings.Contains(w.Name, "gatekeeper") {
			return "ValidatingWebhookConfiguration " + w.Name
		}
	}
	return ""
}

// namedObjects are the objects that rules name and the view holds.
type namedObjects struct {
	pods      map[[2]string]string // namespace and name → key of its class
	workloads map[[2]string]bool
	nodes     map[string]int // → pool
}

// namedObjectsOf looks up what rules with resourceNames name: few do.
func namedObjectsOf(c *kube.Cluster, in *inputs) namedObjects {
	found := namedObjects{map[[2]string]string{}, map[[2]string]bool{}, map[string]int{}}
	for _, b := range in.index.Bindings {
		for i := range b.Rules {
			for _, name := range b.Rules[i].ResourceNames {
				found.look(c, in, b, b.Rules[i].Resources, name)
			}
		}
	}
	return found
}

func (found *namedObjects) look(c *kube.Cluster, in *inputs, b *access.Binding, resources []string, name string) {
	spaces := []string{b.Ref.Namespace}
	if b.Wide() {
		spaces = c.NamespaceNames()
	}
	for _, resource := range resources {
		plural, _, _ := strings.Cut(resource, "/")
		is := func(r kube.Resource) bool { return plural == r.Plural || plural == rbacv1.ResourceAll }
		if n, ok := c.Nodes.Get("", name); ok && b.Wide() && (is(kube.Nodes) || plural == "users") {
			found.nodes[name] = poolOf(c, in.pools, n)
		}
		if node, ok := strings.CutPrefix(name, "system:node:"); ok && b.Wide() {
			if n, ok := c.Nodes.Get("", node); ok {
				found.nodes[node] = poolOf(c, in.pools, n)
			}
		}
		for _, space := range spaces {
			found.lookIn(c, in, space, name, is)
		}
	}
}

func (found *namedObjects) lookIn(c *kube.Cluster, in *inputs, space, name string, is func(kube.Resource) bool) {
	if is(kube.Pods) {
		if p, ok := c.Pods.Get(space, name); ok && !p.Finished() {
			found.pods[[2]string{space, name}] = classOfPod(c, in, p).key()
		}
	}
	for _, r := range kube.WorkloadResources() {
		if is(r) && r != kube.Pods && r != kube.Jobs && c.Has(r.Ref(space, name)) {
			found.workloads[[2]string{space, name}] = true
		}
	}
}
