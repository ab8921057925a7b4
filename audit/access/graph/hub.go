package graph

import (
	"github.com/seaworthy-dev/seaworthy/kube"
)

// hub returns the vertex of a hub, which it makes together with all that the
// hub leads to if there is none. That of all namespaces leads to that of each.
func (b *build) hub(kind Kind, namespace string) int32 {
	v, made := b.vertex(key{kind, namespace, ""}, hubWitness(namespace))
	if !made {
		return v
	}
	switch {
	case namespace == "" && kind.ofNamespace():
		for i := range b.in.namespaces {
			b.edge(v, b.hub(kind, b.in.namespaces[i].name), contains, None)
		}
	case kind.ofNamespace():
		b.hubOfNamespace(v, kind, namespace)
	default:
		b.hubOfCluster(v, kind)
	}
	return v
}

func (b *build) hubOfNamespace(v int32, kind Kind, namespace string) {
	switch kind {
	case NamespaceAdmin:
		b.namespaceAdmin(v, namespace)
	case NewPods:
		b.newPods(v, namespace)
	case PrivilegedPods:
		b.privilegedPods(v)
	case Containers:
		for _, i := range b.classesIn[namespace] {
			b.edge(v, b.classes[i], contains, None)
		}
	case DebugContainers:
		b.debugContainers(v, namespace)
	case Secrets:
		b.secretsHub(v, namespace)
	case ServiceAccounts:
		b.each(v, b.accountsIn[namespace])
	case Ghosts:
		b.each(v, b.ghosts[namespace])
	case Roles:
		b.rolesHub(v, namespace)
	case JoinableRoles, JoinableClusterRoles:
		b.joinable(v, kind, namespace)
	default:
	}
}

func (b *build) hubOfCluster(v int32, kind Kind) {
	switch kind {
	case Cluster:
		b.edge(v, b.hub(NamespaceAdmin, ""), contains, None)
		b.eachPool(func(p int) { b.edge(v, b.node(ChosenNode, p), contains, None) })
	case AnyUser:
		b.each(v, b.users)
	case AnyGroup:
		masters, _ := b.find(Group, "", "system:masters")
		b.edge(v, b.hub(AnyPlainGroup, ""), contains, None)
		b.edge(v, masters, contains, None)
		b.edge(masters, b.hub(Cluster, ""), mastersGroup, None)
	case AnyPlainGroup:
		for _, g := range b.groups {
			if b.g.vertices[g].Name != "system:masters" {
				b.edge(v, g, contains, None)
			}
		}
	default:
	}
}

// ofNamespace reports whether there is a hub of the kind for each namespace.
func (k Kind) ofNamespace() bool { return k >= NamespaceAdmin && k <= JoinableClusterRoles }

func hubWitness(namespace string) kube.Ref {
	if namespace == "" {
		return kube.Ref{}
	}
	return kube.Namespaces.Ref("", namespace)
}

func (b *build) each(from int32, to []int32) {
	for _, v := range to {
		b.edge(from, v, contains, None)
	}
}

func (b *build) eachPool(do func(p int)) {
	for p := range b.in.pools {
		do(p)
	}
}

func (b *build) namespaceAdmin(v int32, namespace string) {
	for _, kind := range []Kind{NewPods, Containers, DebugContainers, Secrets, ServiceAccounts} {
		b.edge(v, b.hub(kind, namespace), expandNamespace, None)
	}
	if len(b.ghosts[namespace]) > 0 {
		b.edge(v, b.hub(Ghosts, namespace), expandNamespace, None)
	}
	b.edge(v, b.hub(PrivilegedPods, namespace), patchNamespace, None)
	if namespace == controlNamespace {
		b.edge(v, b.hub(Cluster, ""), expandControlPlane, None)
	}
}

// newPods leads to all that a pod of one's own making has: any ServiceAccount
// and any Secret of its namespace, and its node unless Pod Security is in the way.
func (b *build) newPods(v int32, namespace string) {
	b.edge(v, b.hub(ServiceAccounts, namespace), contains, None)
	b.edge(v, b.hub(Secrets, namespace), mountSecret, None)
	if n, _ := b.in.namespace(namespace); n.privileged {
		confidence := escapeByPod.Confidence
		if b.in.guard != "" || !n.held {
			confidence = Inferred
		}
		label := None
		if n.held {
			label = b.field(kube.Namespaces.Ref("", namespace), enforceLabel)
		}
		b.edgeOf(v, b.hub(PrivilegedPods, namespace), escapeByPod, label, escapeByPod.Cost, confidence)
	}
	for _, configuration := range b.backendsIn[namespace] {
		b.edge(v, b.hub(Cluster, ""), webhookBackend, b.field(configuration, "webhooks"))
	}
}

// enforceLabel is the field by which a namespace says what its pods may do.
const enforceLabel = `metadata.labels["pod-security.kubernetes.io/enforce"]`

// privilegedPods leads to any node: whoever writes nodeName asks no scheduler.
func (b *build) privilegedPods(v int32) {
	b.eachPool(func(p int) {
		f := escapeToNode
		if b.in.pools[p].control {
			f = escapeToControlPlane
		}
		b.edge(v, b.node(ChosenNode, p), f, None)
	})
}

func (b *build) debugContainers(v int32, namespace string) {
	b.edge(v, b.hub(Containers, namespace), contains, None)
	n, _ := b.in.namespace(namespace)
	if !n.privileged {
		return
	}
	var pools poolSet
	for _, i := range b.classesIn[namespace] {
		pools |= b.kinds[i].pools
	}
	label := None
	if n.held {
		label = b.field(kube.Namespaces.Ref("", namespace), enforceLabel)
	}
	b.eachPool(func(p int) {
		if pools.has(p) {
			b.edge(v, b.node(Node, p), debugNode, label)
		}
	})
}

func (b *build) secretsHub(v int32, namespace string) {
	for _, t := range b.tokensIn[namespace] {
		b.edge(v, b.secret(t), contains, None)
	}
	if namespace == controlNamespace && b.in.bootstrapToken {
		for _, g := range b.bootstrappers {
			b.edge(v, g, readBootstrapToken, None)
		}
	}
}

// secret returns the vertex of a Secret with a token.
func (b *build) secret(t tokenRow) int32 {
	v, _ := b.vertex(key{Secret, t.namespace, t.name}, kube.Secrets.Ref(t.namespace, t.name))
	return v
}

// secrets joins the Secrets with tokens to the ServiceAccounts whose they are.
func (b *build) secrets() {
	for _, t := range b.in.tokens {
		account, ok := b.find(ServiceAccount, t.namespace, t.account)
		secret, reached := b.find(Secret, t.namespace, t.name)
		if ok && reached {
			b.edge(secret, account, secretToken, b.field(kube.Secrets.Ref(t.namespace, t.name), ""))
		}
	}
}

// node returns a vertex of a pool of nodes, with what it leads to.
func (b *build) node(kind Kind, p int) int32 {
	pool := &b.in.pools[p]
	v, made := b.vertex(key{kind, "", pool.name}, kube.Ref{})
	if !made {
		return v
	}
	switch kind {
	case ChosenNode:
		b.edge(v, b.node(Node, p), contains, None)
		b.edge(v, b.node(ChosenNodePods, p), nodeToPod, None)
		b.edge(v, b.node(ChosenNodeIdentity, p), nodeIdentity, None)
	case Node:
		b.edge(v, b.node(NodeFiles, p), contains, None)
		b.edge(v, b.node(NodePods, p), nodeToPod, None)
		b.spread(v, b.node(ChosenNode, p), pool)
		if pool.control {
			b.edge(v, b.hub(Cluster, ""), nodeControlPlane, None)
		}
	case NodeFiles:
		b.edge(v, b.node(NodeIdentity, p), nodeIdentity, None)
		if pool.control {
			b.edge(v, b.hub(Cluster, ""), nodeControlPlane, None)
		}
	case NodeIdentity:
		b.spread(v, b.node(ChosenNodeIdentity, p), pool)
		if nodes, ok := b.find(Group, "", "system:nodes"); ok {
			b.edge(v, nodes, nodesGroup, None)
		}
		b.identity(v, p, true)
	case ChosenNodeIdentity:
		b.edge(v, b.node(NodeIdentity, p), contains, None)
		b.identity(v, p, false)
	case NodePods:
		b.spread(v, b.node(ChosenNodePods, p), pool)
		b.running(v, p, true)
	case ChosenNodePods:
		b.edge(v, b.node(NodePods, p), contains, None)
		b.running(v, p, false)
	default:
	}
	return v
}

// spread leads from some node of a pool to the one that an attacker wants: where
// there are several, the pod that is wanted must run there or be moved there.
func (b *build) spread(from, to int32, p *pool) {
	if p.single {
		b.edgeOf(from, to, expandPool, None, 0, Proven)
		return
	}
	b.edge(from, to, expandPool, None)
}

// running leads to the pods of a pool; with everyNode only to those that are on
// each node of it.
func (b *build) running(from int32, p int, everyNode bool) {
	for i := range b.kinds {
		if k := &b.kinds[i]; k.pools.has(p) && (k.everyNode == everyNode) {
			b.edge(from, b.classes[i], nodeToPod, None)
		}
	}
}

// identity leads to what the Node authorizer lets a kubelet have: the tokens of
// the ServiceAccounts of its pods, and the Secrets that they mount.
func (b *build) identity(from int32, p int, everyNode bool) {
	seen := map[[2]string]bool{}
	for i := range b.kinds {
		k := &b.kinds[i]
		if !k.pools.has(p) || k.everyNode != everyNode {
			continue
		}
		id := [2]string{k.namespace, k.account}
		if k.account != "" && !seen[id] {
			seen[id] = true
			if account, ok := b.find(ServiceAccount, k.namespace, k.account); ok {
				b.edge(from, account, nodeToken, None)
			}
		}
		for j := range k.facts {
			if f := &k.facts[j]; f.family == containerSecret {
				b.edge(from, b.secret(tokenRow{k.namespace, f.detail, ""}), nodeSecret, None)
			}
		}
	}
}

// rolesHub leads to each Role of a namespace as who is bound to it has it.
func (b *build) rolesHub(v int32, namespace string) {
	for _, r := range b.in.roles.In(namespace) {
		b.edge(v, b.boundRole(kube.Roles.Ref(namespace, r.Name), r.Rules, namespace), contains, None)
	}
}
