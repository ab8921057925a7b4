package graph

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Ways of who may make, change or enter pods.
var (
	podCreate = &Family{
		ID: "POD_CREATE_SA", Title: "Pods can be created",
		Story: "{from} may create {to}, as any ServiceAccount there ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Workload creation",
	}
	workloadCreate = &Family{
		ID: "WORKLOAD_CREATE_SA", Title: "Workloads can be created",
		Story: "{from} may create workloads, and so {to}, as any ServiceAccount there ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Workload creation",
	}
	workloadPatch = &Family{
		ID: "WORKLOAD_PATCH_SA", Title: "Workloads can be changed",
		Story: "{from} may change the pod template of a workload, and so has {to}, as any ServiceAccount there ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Workload creation",
	}
	podExec = &Family{
		ID: "POD_EXEC", Title: "Commands can be run in containers",
		Story: "{from} may run commands in {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/authorization; gate AuthorizePodWebsocketUpgradeCreatePermission since 1.35",
	}
	podAttach = &Family{
		ID: "POD_ATTACH_API", Title: "Containers can be attached to",
		Story: "{from} may type into the processes of {to} ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/reference/generated/kubectl/kubectl-commands, attach",
	}
	ephemeralContainer = &Family{
		ID: "EPHEMERAL_CONTAINER", Title: "Debug containers can be added to pods",
		Story: "{from} may add {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "KEP-277",
	}
	debugNode = &Family{
		ID: "EPHEMERAL_NODE", Title: "Debug containers may be privileged",
		Story: "{from} may be privileged, since Pod Security does not forbid it, and so are root on {to} ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/pod-security-admission",
	}
	podPatchImage = &Family{
		ID: "POD_PATCH_IMAGE", Title: "The image of a running pod can be changed",
		Story: "{from} may change the image of {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/workloads/pods, Pod update and replacement",
	}
	escapeByPod = &Family{
		ID: "POD_CREATE_NODE", Title: "Pods may be privileged",
		Story: "{from} may be {to}, since Pod Security does not forbid it ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/pod-security-admission",
	}
	escapeToNode = &Family{
		ID: "PRIVILEGED_POD_NODE", Title: "A privileged pod is root on its node",
		Story: "{from} name their node themselves and are root on {to}",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/pod-security-standards; pod field nodeName",
	}
	escapeToControlPlane = &Family{
		ID: "POD_CREATE_CONTROLPLANE", Title: "A privileged pod can be put on the control plane",
		Story: "{from} name their node themselves and are root on {to}",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "pod field nodeName: taints of effect NoSchedule do not count",
	}
	configMapCode = &Family{
		ID: "CONFIGMAP_CODE", Title: "A ConfigMap whose files are run can be changed",
		Story: "{from} may change a script that {to} mounts and runs ({evidence})",
		Cost:  3, Severity: audit.Medium, Confidence: Inferred, Source: "volumes[].configMap.defaultMode and items[].mode with an executable bit",
	}
)

var workloadFamilies = []*Family{
	podCreate, workloadCreate, workloadPatch, podExec, podAttach, ephemeralContainer, debugNode, podPatchImage,
	escapeByPod, escapeToNode, escapeToControlPlane, configMapCode,
}

// toScripts leads to the pods that run a file of a ConfigMap.
func toScripts(b *build, namespace string) []int32 { return b.scriptsOf(namespace, "") }

func toNamedScript(b *build, namespace, name string) []int32 { return b.scriptsOf(namespace, name) }

// scriptsOf returns the classes that run a file of a ConfigMap, of one name or of
// any with "".
func (b *build) scriptsOf(namespace, name string) []int32 {
	var found []int32
	for _, n := range b.namespacesOf(namespace) {
		for _, i := range b.classesIn[n] {
			if slices.ContainsFunc(b.kinds[i].facts, func(f fact) bool {
				return f.family == configMapCode && (name == "" || f.detail == name)
			}) {
				found = append(found, b.classes[i])
			}
		}
	}
	return found
}

// pods adds the ways out of containers.
func (b *build) pods() {
	for i := range b.kinds {
		k := &b.kinds[i]
		for j := range k.facts {
			b.fact(b.classes[i], k, &k.facts[j])
		}
	}
}

// fact adds the way that a field of a pod opens.
func (b *build) fact(from int32, k *class, f *fact) {
	label := b.field(k.witness, f.path)
	switch f.family {
	case configMapCode:
		return // it leads into the container
	case containerAccount, defaultAccount:
		if v, ok := b.find(ServiceAccount, k.namespace, k.account); ok {
			b.edge(from, v, f.family, label)
		}
		return
	case containerSecret:
		b.edge(from, b.secret(tokenRow{k.namespace, f.detail, ""}), containerSecret, label)
		return
	case podIdentity:
		v, _ := b.vertex(key{CloudIdentity, "", "of EKS Pod Identity for " + k.namespace + "/" + k.account}, k.witness)
		b.edge(from, v, podIdentity, label)
		return
	case hostLogs:
		if !b.readsLogs(k) {
			return
		}
	}
	way := f.family
	if way == claimToHost {
		way, _ = FamilyOf(f.detail)
	}
	to, ok := escapes(way)
	if !ok {
		return
	}
	b.eachPool(func(p int) {
		switch {
		case !k.pools.has(p):
		case to != Cluster:
			b.edge(from, b.node(to, p), f.family, label)
		case b.in.pools[p].control: // the keys of the control plane are nowhere else
			b.edge(from, b.hub(Cluster, ""), f.family, label)
		}
	})
}

// readsLogs reports whether the ServiceAccount of pods may ask the kubelet for
// logs.
func (b *build) readsLogs(k *class) bool {
	h, ok := b.subjects[accountSubject(k.namespace, k.account)]
	if !ok {
		return false
	}
	p := in(h, b.shared(h), k.namespace)
	return len(p.any(readLogs, readNodeLogs, proxyNodes, everything)) > 0
}
