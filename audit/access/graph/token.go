package graph

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways to the token of a ServiceAccount.
var (
	tokenRequest = &Family{
		ID: "TOKEN_REQUEST", Title: "Tokens of ServiceAccounts can be requested",
		Story: "{from} may request a token of {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1",
	}
	secretRead = &Family{
		ID: "SECRET_READ", Title: "All Secrets of a namespace can be read",
		Story: "{from} may read {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Listing secrets; deletecollection tells what it would delete in a dry run",
	}
	secretGet = &Family{
		ID: "SECRET_TOKEN_GET", Title: "Secrets whose names are known can be read",
		Story: "{from} may read {to} by name ({evidence})",
		Cost:  2, Severity: audit.Medium, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Listing secrets; an empty patch tells what there is",
	}
	secretToken = &Family{
		ID: "SECRET_TOKEN_LIST", Title: "A Secret holds a token that does not expire",
		Story: "{from} holds a token of {to} that does not expire ({evidence})",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "KEP-2799: the controller labels tokens that it no longer honours",
	}
	secretCreate = &Family{
		ID: "SECRET_CREATE_TOKEN", Title: "Secrets that are filled with a token can be made and read",
		Story: "{from} may make a Secret that the token controller fills for {to}, and read it ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/configuration/secret, ServiceAccount token Secrets",
	}
	secretRetarget = &Family{
		ID: "SECRET_TOKEN_RETARGET", Title: "Secrets with a token can be pointed at another ServiceAccount",
		Story: "{from} may point a Secret with a token at {to}, and read it ({evidence})",
		Cost:  2, Severity: audit.Medium, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/configuration/secret, ServiceAccount token Secrets",
	}
	mountSecret = &Family{
		ID: "SECRET_MOUNT", Title: "A pod mounts any Secret of its namespace",
		Story: "{from} may mount {to}",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Workload creation",
	}
	readBootstrapToken = &Family{
		ID: "BOOTSTRAP_TOKEN_READ", Title: "A Secret holds a bootstrap token",
		Story: "{from} hold a bootstrap token, by which a new node joins as {to}",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens",
	}
	createBootstrapToken = &Family{
		ID: "BOOTSTRAP_TOKEN_CREATE", Title: "Bootstrap tokens can be made",
		Story: "{from} may make a Secret in kube-system that is a bootstrap token, and so is of {to} ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens",
	}
)

var tokenFamilies = []*Family{
	tokenRequest, secretRead, secretGet, secretToken, secretCreate, secretRetarget, mountSecret,
	readBootstrapToken, createBootstrapToken,
}

// tokens adds the ways of who may make or change Secrets and read them.
func (b *build) tokens(p *proofs) {
	read := append(p.any(listSecrets, getSecrets), p.any(createPods, createWorkloads)...)
	b.together(p, b.hub(ServiceAccounts, p.namespace), secretCreate, p.of(createSecrets), over(read, ""))
	if patch := p.of(patchSecrets); len(patch) > 0 && len(read) > 0 {
		for _, namespace := range b.namespacesOf(p.namespace) {
			b.retarget(p, namespace, patch, read)
		}
	}
	if p.namespace == "" || p.namespace == controlNamespace {
		for _, group := range b.bootstrappers {
			b.together(p, group, createBootstrapToken, p.of(createSecrets))
		}
	}
}

// retarget adds the way over the Secrets with a token of a namespace: over any of
// them at once, unless the rules name them.
func (b *build) retarget(p *proofs, namespace string, patch, read []proof) {
	tokens := b.tokensIn[namespace]
	if len(tokens) > 0 && allFree(patch) && allFree(read) {
		tokens = tokens[:1]
	}
	for _, t := range tokens {
		b.together(p, b.hub(ServiceAccounts, namespace), secretRetarget, over(patch, t.name), over(read, t.name))
	}
}

// allFree reports whether no rule of a list names objects.
func allFree(list []proof) bool {
	return !slices.ContainsFunc(list, func(one proof) bool { return len(one.entry.names) > 0 })
}

// Ways to what bindings grant to nobody.
var (
	ghostAccount = &Family{
		ID: "GHOST_SA_CREATE", Title: "A missing ServiceAccount that a binding names can be made",
		Story: "{from} may make {to}, which bindings still name, and run as it ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac: a binding does not check that its subjects exist",
	}
	ghostNamespace = &Family{
		ID: "GHOST_NAMESPACE_CREATE", Title: "A missing namespace whose ServiceAccounts bindings name can be made",
		Story: "{from} may make the namespace and {to} in it, which bindings still name ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/rbac: a binding does not check that its subjects exist",
	}
)

var ghostFamilies = []*Family{ghostAccount, ghostNamespace}

// ghostly adds the ways of who may make ServiceAccounts and run as them.
func (b *build) ghostly(p *proofs) {
	create := p.of(createAccounts)
	use := p.any(createTokens, impersonateAccounts, createPods, createWorkloads)
	if len(create) == 0 || len(use) == 0 || len(b.ghosts) == 0 {
		return
	}
	if p.namespace == "" || len(b.ghosts[p.namespace]) > 0 {
		b.together(p, b.hub(Ghosts, p.namespace), ghostAccount, over(create, ""), over(use, ""))
	}
	if p.namespace == "" {
		b.together(p, b.ghostTowns(), ghostNamespace, over(p.of(createNamespaces), ""), over(create, ""), over(use, ""))
	}
	if allFree(create) && allFree(use) {
		return
	}
	for _, namespace := range b.namespacesOf(p.namespace) {
		for _, v := range b.ghosts[namespace] {
			name := b.g.vertices[v].Name
			b.together(p, v, ghostAccount, over(create, name), over(use, name))
		}
	}
}

// ghostTowns returns the vertex of the ServiceAccounts that bindings name of
// namespaces that are not there.
func (b *build) ghostTowns() int32 {
	v, made := b.vertex(key{Ghosts, "", "missing namespaces"}, kube.Ref{})
	if !made {
		return v
	}
	for _, namespace := range sortedKeys(b.ghosts) {
		if _, known := b.in.namespace(namespace); !known {
			b.each(v, b.ghosts[namespace])
		}
	}
	return v
}
