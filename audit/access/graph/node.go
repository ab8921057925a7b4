package graph

import "github.com/seaworthy-dev/seaworthy/audit"

// Ways over nodes and their kubelets.
var (
	nodesProxy = &Family{
		ID: "NODES_PROXY", Title: "The kubelets' own API can be reached",
		Story: "{from} may talk to kubelets as the API server, and so run commands in {to} past admission and audit ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Access to proxy subresource of Nodes: get is enough",
	}
	nodeToPod = &Family{
		ID: "NODE_TO_POD", Title: "Root on a node has its pods",
		Story: "whoever has {from} has {to}",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/multi-tenancy, Node isolation",
	}
	nodeIdentity = &Family{
		ID: "NODE_IDENTITY", Title: "A node holds the credentials of its kubelet",
		Story: "{from} hold the client certificate of {to}",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/node",
	}
	nodeToken = &Family{
		ID: "NODE_SA_TOKEN", Title: "A kubelet may request the tokens of its pods",
		Story: "{from} may request a token of {to}, a pod of which is on the node",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/node, Auth-related operations",
	}
	nodeSecret = &Family{
		ID: "NODE_SECRET_READ", Title: "A kubelet may read the Secrets of its pods",
		Story: "{from} may read {to}, which a pod on the node mounts",
		Cost:  1, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/node, Read operations",
	}
	nodeControlPlane = &Family{
		ID: "NODE_CONTROLPLANE", Title: "A node of the control plane has its keys",
		Story: "{from} hold the keys and the database of {to}",
		Cost:  1, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/setup/best-practices/certificates",
	}
	expandPool = &Family{
		ID: "NODE_POOL_EXPAND", Title: "From one node of a pool to the others",
		Story: "the pods that an attacker on {from} wants may run there, or be moved there, as on {to}",
		Cost:  2, Severity: audit.Info, Confidence: Inferred, Source: "kubernetes.io/docs/concepts/scheduling-eviction: any node that fits may be chosen",
	}
)

var nodeFamilies = []*Family{nodesProxy, nodeToPod, nodeIdentity, nodeToken, nodeSecret, nodeControlPlane, expandPool}
