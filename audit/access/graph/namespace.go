package graph

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways around Pod Security, and over OpenShift's counterpart.
var (
	patchNamespace = &Family{
		ID: "NS_PSA_PATCH", Title: "A namespace's Pod Security level can be lowered",
		Story: "{from} may take the Pod Security label off the namespace, and so has {to} ({evidence})",
		Cost:  3, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/pod-security-admission: the namespace of the request is that of the object",
	}
	createNamespace = &Family{
		ID: "NS_CREATE", Title: "Namespaces without Pod Security can be made",
		Story: "{from} may make a namespace without a Pod Security label, and so has {to} ({evidence})",
		Cost:  3, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/pod-security-admission",
	}
	useConstraints = &Family{
		ID: "SCC_USE", Title: "Privileged SecurityContextConstraints can be used",
		Story: "{from} may create pods under privileged SecurityContextConstraints, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "docs.openshift.com, Managing security context constraints",
	}
)

var namespaceFamilies = []*Family{patchNamespace, createNamespace, useConstraints}

// namespaces adds the ways of who may lower Pod Security and create pods.
func (b *build) namespaces(p *proofs) {
	pods := p.any(createPods, createWorkloads, patchWorkloads)
	if len(pods) == 0 {
		return
	}
	b.relabel(p, p.of(patchNamespaces), over(pods, ""))
	if len(b.in.kinds) > 0 && b.in.installed("securitycontextconstraints.security.openshift.io") {
		b.together(p, b.privileged("under privileged constraints"), useConstraints, p.of(usePrivilegedConstraints), over(pods, ""))
	}
	b.together(p, b.privileged("with a volume of their own"), hostVolume, p.of(createVolumes), over(pods, ""))
	if p.namespace != "" {
		return
	}
	b.together(p, b.privileged("in a new namespace"), createNamespace, p.of(createNamespaces), over(p.any(createPods, createWorkloads), ""))
}

// privileged returns the vertex of pods that break out somewhere else than in a
// namespace of the view.
func (b *build) privileged(where string) int32 {
	v, made := b.vertex(key{PrivilegedPods, "", where}, kube.Ref{})
	if made {
		b.privilegedPods(v)
	}
	return v
}

// relabel adds the way of who may change the labels of namespaces, and create pods
// there: of all at once, unless the rules name them.
func (b *build) relabel(p *proofs, patch, pods []proof) {
	if p.namespace == "" {
		b.together(p, b.hub(PrivilegedPods, ""), patchNamespace, over(patch, ""), pods)
	}
	if len(patch) == 0 || len(pods) == 0 || p.namespace == "" && allFree(patch) {
		return
	}
	for _, namespace := range b.namespacesOf(p.namespace) {
		if n, _ := b.in.namespace(namespace); !n.privileged {
			b.together(p, b.hub(PrivilegedPods, namespace), patchNamespace, over(patch, namespace), pods)
		}
	}
}
