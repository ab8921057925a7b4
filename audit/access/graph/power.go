package graph

import (
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// power is a way that one right opens by itself.
type power struct {
	right  int
	family *Family
	// to returns where the right leads in a namespace, "" for everywhere.
	to func(b *build, namespace string) []int32
	// toNamed returns where the right over one object leads; nil where names lead
	// nowhere, or make no difference: then same is set.
	toNamed func(b *build, namespace, name string) []int32
	same    bool
}

// powers are the ways that need one right, by their right.
func powers() []power {
	return append([]power{
		{right: createPods, family: podCreate, to: toHub(NewPods), same: true},
		{right: createWorkloads, family: workloadCreate, to: toHub(NewPods), same: true},
		{right: patchWorkloads, family: workloadPatch, to: toHub(NewPods), toNamed: toNamedWorkload},
		{right: execPods, family: podExec, to: toHub(Containers), toNamed: toNamedPod},
		{right: execPodsByGet, family: podExec, to: toHub(Containers), toNamed: toNamedPod},
		{right: attachPods, family: podAttach, to: toHub(Containers), toNamed: toNamedPod},
		{right: attachPodsByGet, family: podAttach, to: toHub(Containers), toNamed: toNamedPod},
		{right: patchEphemeral, family: ephemeralContainer, to: toHub(DebugContainers), toNamed: toNamedPod},
		{right: patchPods, family: podPatchImage, to: toHub(Containers), toNamed: toNamedPod},
		{right: patchConfigMaps, family: configMapCode, to: toScripts, toNamed: toNamedScript},
		{right: patchConfigMaps, family: kubeletConfig, to: toKubeletConfig, toNamed: toNamedKubeletConfig},
		{right: patchConfigMaps, family: awsAuth, to: toAWSAuth, toNamed: toNamedAWSAuth},
		{right: listSecrets, family: secretRead, to: toHub(Secrets), toNamed: toNamedSecret},
		{right: getSecrets, family: secretGet, to: toHub(Secrets), toNamed: toNamedSecret},
		{right: createTokens, family: tokenRequest, to: toHub(ServiceAccounts), toNamed: toNamedAccount},
		{right: impersonateAccounts, family: impersonateAccount, to: toHub(ServiceAccounts), toNamed: toNamedAccount},
		{right: impersonateUsers, family: impersonateUser, to: toHub(AnyUser), toNamed: toNamedUser},
		{right: proxyNodes, family: nodesProxy, to: toHub(Containers), toNamed: toNamedNode},
		{right: createMutatingWebhooks, family: mutatingWebhook, to: toHub(Cluster), same: true},
		{right: patchMutatingWebhooks, family: mutatingWebhook, to: toHooks(Cluster, (*build).mutating), toNamed: toNamedHook(Cluster, (*build).mutating)},
		{right: createValidatingWebhooks, family: validatingWebhook, to: toHub(Secrets), same: true},
		{right: patchValidatingWebhooks, family: validatingWebhook, to: toHooks(Secrets, (*build).validating), toNamed: toNamedHook(Secrets, (*build).validating)},
		{right: writeAPIServices, family: apiServiceHijack, to: toHub(Cluster), same: true},
	}, deputyPowers()...)
}

// toHub returns where a right leads that is over a whole namespace. The hubs of
// the cluster have no namespace.
func toHub(kind Kind) func(*build, string) []int32 {
	return func(b *build, namespace string) []int32 {
		return []int32{b.hub(kind, namespace)}
	}
}

// namespacesOf returns the namespaces that a grant extends to.
func (b *build) namespacesOf(namespace string) []string {
	if namespace != "" {
		return []string{namespace}
	}
	names := make([]string, len(b.in.namespaces))
	for i := range names {
		names[i] = b.in.namespaces[i].name
	}
	return names
}

func toNamedAccount(b *build, namespace, name string) []int32 {
	var found []int32
	for _, n := range b.namespacesOf(namespace) {
		h, ok := b.subjects[access.Subject{Kind: "ServiceAccount", Namespace: n, Name: name}]
		if ok && !h.ghost {
			found = append(found, h.vertex)
		}
	}
	return found
}

func toNamedUser(b *build, _, name string) []int32 {
	if v, ok := b.find(User, "", name); ok {
		return []int32{v}
	}
	return nil
}

func toNamedSecret(b *build, namespace, name string) []int32 {
	var found []int32
	for _, t := range b.in.tokens {
		if t.name == name && (namespace == "" || t.namespace == namespace) {
			found = append(found, b.secret(t))
		}
	}
	return found
}

func toNamedPod(b *build, namespace, name string) []int32 {
	var found []int32
	for _, n := range b.namespacesOf(namespace) {
		if class, ok := b.in.named.pods[[2]string{n, name}]; ok {
			if v, ok := b.g.classes[class]; ok {
				found = append(found, v)
			}
		}
	}
	return found
}

// toNamedWorkload leads to new pods: whoever changes a template has a pod of
// their own making.
func toNamedWorkload(b *build, namespace, name string) []int32 {
	var found []int32
	for _, n := range b.namespacesOf(namespace) {
		if b.in.named.workloads[[2]string{n, name}] {
			found = append(found, b.hub(NewPods, n))
		}
	}
	return found
}

func toNamedNode(b *build, _, name string) []int32 {
	if p, ok := b.in.named.nodes[name]; ok {
		return []int32{b.node(NodePods, p)}
	}
	return nil
}

// grants adds the ways that what a subject is granted itself opens.
func (b *build) grants(h *holder) {
	for i := range h.own {
		b.grantsOf(h.vertex, &h.own[i])
	}
}

// grantsOf adds the ways that one binding opens to whoever is at a vertex.
func (b *build) grantsOf(from int32, at *bound) {
	for i := range at.set.entries {
		e := &at.set.entries[i]
		if rights[e.right].wide && at.namespace != "" {
			continue // a RoleBinding does not reach what has no namespace
		}
		if e.right == everything {
			b.total(from, at, e)
			continue
		}
		if e.implied {
			continue
		}
		for _, p := range b.powers[e.right] {
			b.follow(from, at, e, p)
		}
	}
}

// total adds the way of a rule that grants everything.
func (b *build) total(from int32, at *bound, e *entry) {
	label := b.grant(proof{at, e})
	if at.namespace == "" {
		b.edge(from, b.hub(Cluster, ""), clusterAdmin, label)
		return
	}
	b.edge(from, b.hub(NamespaceAdmin, at.namespace), namespaceWildcard, label)
}

func (b *build) follow(from int32, at *bound, e *entry, p *power) {
	label := b.grant(proof{at, e})
	add := func(to []int32) {
		for _, v := range to {
			b.edge(from, v, p.family, label)
		}
	}
	switch {
	case len(e.names) == 0 || p.same:
		add(p.to(b, at.namespace))
	case p.toNamed != nil:
		for _, name := range e.names {
			add(p.toNamed(b, at.namespace, name))
		}
	}
}

// powersByRight returns the ways that need one right and no other.
func powersByRight() map[int][]*power {
	by := map[int][]*power{}
	all := powers()
	for i := range all {
		by[all[i].right] = append(by[all[i].right], &all[i])
	}
	return by
}

// boundRole returns the vertex of a role as a subject bound to it has it, in a
// namespace or with "" in the cluster.
func (b *build) boundRole(role kube.Ref, rules ruleList, namespace string) int32 {
	return b.roleAs(key{BoundRole, namespace, role.String()}, role, rules, b.rulesets.of(rules))
}

// boundEverywhere returns the vertex of a role as a subject has it that is bound to
// it in each namespace: without what has no namespace.
func (b *build) boundEverywhere(role kube.Ref, rules ruleList) int32 {
	set := &ruleset{}
	for _, e := range b.rulesets.of(rules).entries {
		if !rights[e.right].wide {
			set.add(e)
		}
	}
	return b.roleAs(key{BoundRole, "", role.String() + " in every namespace"}, role, rules, set)
}

func (b *build) roleAs(k key, role kube.Ref, rules ruleList, set *ruleset) int32 {
	v, made := b.vertex(k, role)
	if !made {
		return v
	}
	h := &holder{vertex: v, own: []bound{{&access.Binding{Role: role, Rules: rules}, set, k.namespace}}}
	b.grants(h)
	b.conjoin(h)
	return v
}
