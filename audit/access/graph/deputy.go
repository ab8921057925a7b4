package graph

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// deputy is a controller that does for who writes its custom resources what its
// own ServiceAccount may do.
type deputy struct {
	family  *Family
	group   string
	plurals []string
	// accounts are what the controller's ServiceAccount is called, whatever its
	// namespace; a trailing "*" stands for any ending. None means that the
	// resource runs pods as any ServiceAccount of its namespace.
	accounts []string
	reach    reach
}

// reach is for whom a deputy acts.
type reach int

const (
	everywhere reach = iota // it reads its resources in every namespace
	atHome                  // it reads them in its own namespace
	unscoped                // its resources have no namespace
	asCluster               // the same, and it changes whatever is written in the cluster
)

func deputyFamily(id, of, does string, cost uint8, severity audit.Severity, source string) *Family {
	return &Family{
		ID: id, Title: of + " acts for who writes its resources",
		Story: "{from} may write resources that " + of + " " + does + ", and so has what {to} has ({evidence})",
		Cost:  cost, Severity: severity, Confidence: Conditional, Source: source,
	}
}

var (
	deputyFlux       = deputyFamily("DEPUTY_FLUX", "Flux", "applies", 2, audit.Critical, "fluxcd.io/flux/security, spec.serviceAccountName narrows it")
	deputyArgoCD     = deputyFamily("DEPUTY_ARGOCD", "Argo CD", "syncs from any repository its project allows", 2, audit.Critical, "argo-cd.readthedocs.io, Projects")
	deputyArgoWF     = deputyFamily("DEPUTY_ARGOWF", "Argo Workflows", "runs as pods", 1, audit.High, "argo-workflows.readthedocs.io, Service Accounts")
	deputyTekton     = deputyFamily("DEPUTY_TEKTON", "Tekton", "runs as pods", 1, audit.High, "tekton.dev/docs/pipelines, serviceAccountName")
	deputyCerts      = deputyFamily("DEPUTY_CERTMANAGER", "cert-manager", "issues into Secrets", 3, audit.High, "cert-manager.io/docs/configuration")
	deputySecrets    = deputyFamily("DEPUTY_EXTSECRETS", "External Secrets", "copies Secrets for", 2, audit.High, "external-secrets.io, Security best practices")
	deputyVelero     = deputyFamily("DEPUTY_VELERO", "Velero", "restores from", 3, audit.Critical, "velero.io/docs, RBAC")
	deputyKyverno    = deputyFamily("DEPUTY_KYVERNO", "Kyverno", "generates and changes objects by", 1, audit.Critical, "kyverno.io/docs, Generate rules")
	deputyGatekeeper = deputyFamily("POLICY_ENGINE_WRITE", "Gatekeeper", "changes pods by", 2, audit.High, "open-policy-agent.github.io/gatekeeper, Mutation")
	deputyCrossplane = deputyFamily("DEPUTY_CROSSPLANE", "Crossplane", "composes objects of", 2, audit.High, "docs.crossplane.io")
	deputyOLM        = deputyFamily("DEPUTY_OLM", "the Operator Lifecycle Manager", "installs operators by", 2, audit.Critical, "olm.operatorframework.io, OperatorGroup")
	deputyKubeVirt   = deputyFamily("DEPUTY_KUBEVIRT", "KubeVirt", "starts", 3, audit.High, "kubevirt.io/user-guide")
	deputyKarpenter  = deputyFamily("DEPUTY_KARPENTER", "Karpenter", "makes nodes of", 3, audit.High, "karpenter.sh/docs, NodeClasses: userData")
	deputyPrometheus = deputyFamily("DEPUTY_PROMETHEUS", "the Prometheus operator", "runs as pods", 2, audit.High, "prometheus-operator.dev, Prometheus: serviceAccountName")
	deputyTemplates  = deputyFamily("DEPUTY_PODTEMPLATE_CR", "an operator", "runs as pods", 1, audit.High, "custom resources with a pod template")
	deputyIngress    = deputyFamily("INGRESS_WRITE", "ingress-nginx", "configures itself by", 3, audit.High, "kubernetes.github.io/ingress-nginx, allow-snippet-annotations; CVE-2021-25742")
)

var deputyFamilies = []*Family{
	deputyFlux, deputyArgoCD, deputyArgoWF, deputyTekton, deputyCerts, deputySecrets, deputyVelero, deputyKyverno,
	deputyGatekeeper, deputyCrossplane, deputyOLM, deputyKubeVirt, deputyKarpenter, deputyPrometheus, deputyTemplates,
	deputyIngress,
}

var deputies = []deputy{
	{deputyFlux, "kustomize.toolkit.fluxcd.io", []string{"kustomizations"}, []string{"kustomize-controller"}, everywhere},
	{deputyFlux, "helm.toolkit.fluxcd.io", []string{"helmreleases"}, []string{"helm-controller"}, everywhere},
	{deputyArgoCD, "argoproj.io", []string{"applications", "appprojects", "applicationsets"}, []string{"argocd-application-controller"}, atHome},
	{deputyArgoWF, "argoproj.io", []string{"workflows", "cronworkflows", "workflowtemplates"}, nil, everywhere},
	{deputyTekton, "tekton.dev", []string{"pipelineruns", "taskruns"}, nil, everywhere},
	{deputyCerts, "cert-manager.io", []string{"issuers", "certificates", "certificaterequests"}, []string{"cert-manager"}, everywhere},
	{deputyCerts, "cert-manager.io", []string{"clusterissuers"}, []string{"cert-manager"}, unscoped},
	{deputySecrets, "external-secrets.io", []string{"externalsecrets"}, []string{"external-secrets"}, everywhere},
	{deputySecrets, "external-secrets.io", []string{"clustersecretstores"}, []string{"external-secrets"}, unscoped},
	{deputyVelero, "velero.io", []string{"restores", "backups"}, []string{"velero", "velero-server"}, atHome},
	{deputyKyverno, "kyverno.io", []string{"policies"}, []string{"kyverno-background-controller"}, everywhere},
	{deputyKyverno, "kyverno.io", []string{"clusterpolicies"}, []string{"kyverno-background-controller"}, unscoped},
	{deputyGatekeeper, "mutations.gatekeeper.sh", []string{"assign", "modifyset"}, nil, asCluster},
	{deputyCrossplane, "apiextensions.crossplane.io", []string{"compositions"}, []string{"crossplane"}, unscoped},
	{deputyCrossplane, "kubernetes.crossplane.io", []string{"objects"}, []string{"provider-kubernetes*"}, unscoped},
	{deputyOLM, "operators.coreos.com", []string{"subscriptions", "operatorgroups", "clusterserviceversions"}, []string{"olm-operator-serviceaccount"}, everywhere},
	{deputyKubeVirt, "kubevirt.io", []string{"virtualmachines", "virtualmachineinstances"}, []string{"kubevirt-controller"}, everywhere},
	{deputyKarpenter, "karpenter.sh", []string{"nodepools"}, []string{"karpenter"}, unscoped},
	{deputyKarpenter, "karpenter.k8s.aws", []string{"ec2nodeclasses"}, []string{"karpenter"}, unscoped},
	{deputyPrometheus, "monitoring.coreos.com", []string{"prometheuses", "alertmanagers"}, nil, everywhere},
	{deputyTemplates, "sparkoperator.k8s.io", []string{"sparkapplications"}, nil, everywhere},
	{deputyTemplates, "ray.io", []string{"rayclusters"}, nil, everywhere},
	{deputyTemplates, "flink.apache.org", []string{"flinkdeployments"}, nil, everywhere},
	{deputyTemplates, "kubeflow.org", []string{"notebooks"}, nil, everywhere},
	{deputyTemplates, "serving.knative.dev", []string{"services"}, nil, everywhere},
	{deputyIngress, "networking.k8s.io", []string{"ingresses"}, []string{"ingress-nginx"}, everywhere},
}

// deputyRights returns the right of each deputy.
func deputyRights() []right {
	all := make([]right, len(deputies))
	for i := range deputies {
		all[i].wide = deputies[i].reach >= unscoped
		for _, plural := range deputies[i].plurals {
			all[i].requests = append(all[i].requests, ask(deputies[i].group, plural, "", writes...)...)
		}
	}
	return all
}

// constraintRequests are over the SecurityContextConstraints by which pods break
// out, by the names that OpenShift gives them.
func constraintRequests() []access.Request {
	var requests []access.Request
	for _, name := range []string{"privileged", "hostaccess", "hostmount-anyuid", "node-exporter"} {
		one := ask("security.openshift.io", "securitycontextconstraints", "", "use")
		one[0].Name = name
		requests = append(requests, one...)
	}
	return requests
}

// deputyPowers returns the way of each deputy.
func deputyPowers() []power {
	all := make([]power, len(deputies))
	for i := range deputies {
		d := &deputies[i]
		all[i] = power{right: firstDeputy + i, family: d.family, same: true, to: func(b *build, namespace string) []int32 {
			return b.deputise(d, namespace)
		}}
	}
	return all
}

// deputise returns where writing the resources of a deputy leads.
func (b *build) deputise(d *deputy, namespace string) []int32 {
	if d.group != "networking.k8s.io" && !slices.ContainsFunc(d.plurals, func(p string) bool { return b.in.installed(p + "." + d.group) }) {
		return nil
	}
	switch {
	case d.reach == asCluster:
		return []int32{b.hub(Cluster, "")}
	case len(d.accounts) == 0:
		return []int32{b.hub(ServiceAccounts, namespace)}
	}
	var found []int32
	for _, h := range b.controllersOf(d) {
		if d.reach != atHome || namespace == "" || namespace == h.who.Namespace {
			found = append(found, h.vertex)
		}
	}
	return found
}

// controllersOf returns the ServiceAccounts that a deputy runs as.
func (b *build) controllersOf(d *deputy) []*holder {
	found, known := b.controllers[d]
	if known {
		return found
	}
	for _, h := range b.order {
		if h.who.Kind == rbacv1.ServiceAccountKind && !h.ghost && slices.ContainsFunc(d.accounts, func(name string) bool { return called(h.who.Name, name) }) {
			found = append(found, h)
		}
	}
	b.controllers[d] = found
	return found
}

func called(name, pattern string) bool {
	prefix, any := strings.CutSuffix(pattern, "*")
	return name == pattern || any && strings.HasPrefix(name, prefix)
}

// installed reports whether the cluster has a custom resource.
func (in *inputs) installed(kind string) bool {
	_, ok := slices.BinarySearch(in.kinds, kind)
	return ok
}
