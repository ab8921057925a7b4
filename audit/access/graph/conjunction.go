package graph

// joint are the rights that ways need together with others: a subject without
// one of these has no such way.
var joint = rightsOf(
	createRoleBindings, patchRoleBindings, bindRoles, bindClusterRoles, createClusterRoleBindings, patchClusterRoleBindings,
	patchRoles, escalateRoles, createClusterRoles, patchClusterRoles, escalateClusterRoles,
	impersonateGroups, assumeUsers, assumeAccounts, assumeNodes, createSecrets, patchSecrets, createAccounts,
	writeMutatingPolicies, createRequests, patchNamespaces, createNamespaces, createVolumes, usePrivilegedConstraints,
)

func rightsOf(list ...int) holds {
	var h holds
	for _, r := range list {
		h.add(r)
	}
	return h
}

// conjunctions adds the ways that need several grants, for each subject that has
// them all.
func (b *build) conjunctions() {
	for _, h := range b.order {
		if len(h.own) > 0 {
			b.conjoin(h)
		}
	}
}

// conjoin adds the ways of one subject that need several grants: where it has
// them everywhere, and in each namespace in which something is granted to it.
func (b *build) conjoin(h *holder) {
	shared := b.shared(h)
	seen := map[string]bool{}
	scopes := []string{""}
	for i := range h.own {
		if n := h.own[i].namespace; !seen[n] && n != "" {
			seen[n] = true
			scopes = append(scopes, n)
		}
	}
	for _, namespace := range scopes {
		p := in(h, shared, namespace)
		if !p.held.overlaps(&joint) {
			continue
		}
		b.binding(&p)
		b.escalation(&p)
		b.impersonation(&p)
		b.tokens(&p)
		b.ghostly(&p)
		b.admission(&p)
		b.certificates(&p)
		b.namespaces(&p)
	}
}
