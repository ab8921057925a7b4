package graph

import (
	"cmp"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Kind is what a vertex stands for.
type Kind uint8

// The kinds of vertices. Those with "of a namespace" exist once for each
// namespace and once, with an empty Namespace, for all of them.
const (
	Cluster              Kind = iota // everything: what cluster-admin may do
	NamespaceAdmin                   // every verb on what is in a namespace
	NewPods                          // a pod of one's own making in a namespace
	PrivilegedPods                   // the same, unhindered by Pod Security
	Containers                       // code in any container of a namespace
	DebugContainers                  // ephemeral containers in any pod of a namespace
	Secrets                          // the Secrets of a namespace
	ServiceAccounts                  // any ServiceAccount of a namespace
	Ghosts                           // ServiceAccounts of a namespace that bindings name and nobody has made
	Roles                            // any Role of a namespace
	JoinableRoles                    // the Roles that RoleBindings of a namespace grant
	JoinableClusterRoles             // the ClusterRoles that RoleBindings of a namespace grant
	AnyUser                          // any name of a user that a binding knows
	AnyGroup                         // any group, system:masters among them
	AnyPlainGroup                    // any group but system:masters
	ServiceAccount                   // one ServiceAccount
	User                             // one user
	Group                            // one group
	BoundRole                        // a role as a subject bound to it would have it
	Secret                           // one Secret with a token
	Workload                         // the pods of a ServiceAccount that are alike to an attacker
	Node                             // root on some node of a pool
	ChosenNode                       // root on a node of a pool of one's choosing
	NodeFiles                        // root's files on some node of a pool
	NodeIdentity                     // the kubelet's identity of some node of a pool
	ChosenNodeIdentity               // the same, of a node of one's choosing
	NodePods                         // the pods on some node of a pool
	ChosenNodePods                   // the same, of a node of one's choosing
	CloudIdentity                    // an identity of the cloud
	Partly                           // somebody who has some of the grants that a way needs
	Anonymous                        // entry: who says not who they are
	Authenticated                    // entry: whoever has an account
	AnyPod                           // entry: code in any pod, whatever it runs as
	Exposed                          // entry: who can send traffic to the cluster
)

// Vertex is something an attacker may control.
type Vertex struct {
	Kind      Kind
	Namespace string // "" for what has none, and for hubs of all namespaces
	Name      string // of a subject, role, Secret, node pool or way in; "" for most hubs
	// Witness is an object that the vertex stands for, the first of several; zero
	// where the name says all.
	Witness kube.Ref
	// Members is how many workloads a [Workload] vertex stands for, 0 for others.
	Members int
}

// VertexOf returns the vertex that a subject is, whether or not a graph has it; it
// has no witness.
func VertexOf(s access.Subject) Vertex {
	return Vertex{Kind: kindOf(s), Namespace: s.Namespace, Name: s.Name}
}

// Subject returns the subject that a vertex is, false if it is none.
func (v Vertex) Subject() (access.Subject, bool) {
	switch v.Kind {
	case ServiceAccount:
		return access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: v.Namespace, Name: v.Name}, true
	case User:
		return access.Subject{Kind: rbacv1.UserKind, Name: v.Name}, true
	case Group:
		return access.Subject{Kind: rbacv1.GroupKind, Name: v.Name}, true
	default:
		return access.Subject{}, false
	}
}

// key identifies a vertex.
type key struct {
	kind            Kind
	namespace, name string
}

// String returns how the vertex is called in lists and tests: "ServiceAccount
// ci/runner", "new pods in ci", "the cluster".
func (v Vertex) String() string {
	switch v.Kind {
	case Cluster:
		return "the cluster"
	case NamespaceAdmin:
		return cmp.Or(strings.TrimSuffix("namespace "+v.Namespace, "namespace "), "every namespace")
	case NewPods, PrivilegedPods, Containers, DebugContainers:
		return hubNames[v.Kind] + " " + cmp.Or(v.Name, "in "+where(v.Namespace))
	case Secrets, ServiceAccounts, Ghosts, Roles, JoinableRoles, JoinableClusterRoles:
		return hubNames[v.Kind] + " of " + cmp.Or(v.Name, where(v.Namespace))
	case AnyUser, AnyGroup, AnyPlainGroup, Anonymous, Authenticated, AnyPod:
		return hubNames[v.Kind]
	case ServiceAccount, Secret:
		return v.Kind.noun() + " " + v.Namespace + "/" + v.Name
	case User, Group, CloudIdentity:
		return v.Kind.noun() + " " + v.Name
	case BoundRole:
		if strings.HasSuffix(v.Name, " in every namespace") {
			return v.Witness.String() + ", bound in every namespace"
		}
		return v.Witness.String() + ", bound in " + cmp.Or(v.Namespace, "the cluster")
	case Workload:
		return v.Witness.String()
	case Exposed:
		return "traffic through " + v.Name
	case Partly:
		return v.Name
	default:
		return v.node()
	}
}

var hubNames = map[Kind]string{
	NewPods: "new pods", PrivilegedPods: "privileged pods", Containers: "containers", DebugContainers: "debug containers",
	Secrets: "Secrets", ServiceAccounts: "ServiceAccounts", Ghosts: "missing ServiceAccounts", Roles: "Roles",
	JoinableRoles: "bound Roles", JoinableClusterRoles: "bound ClusterRoles",
	AnyUser: "any user", AnyGroup: "any group", AnyPlainGroup: "any group but system:masters",
	Anonymous: "anybody", Authenticated: "anybody with an account", AnyPod: "any pod",
}

func (k Kind) noun() string {
	switch k {
	case ServiceAccount:
		return "ServiceAccount"
	case Secret:
		return "Secret"
	case User:
		return "User"
	case Group:
		return "Group"
	default:
		return "cloud identity"
	}
}

func where(namespace string) string {
	if namespace == "" {
		return "every namespace"
	}
	return namespace
}

// node names what belongs to a pool of nodes.
func (v Vertex) node() string {
	some, chosen := "a "+v.Name, "any "+v.Name
	if strings.HasPrefix(v.Name, "every ") {
		some, chosen = v.Name, v.Name
	}
	switch v.Kind {
	case Node:
		return some
	case ChosenNode:
		return chosen
	case NodeFiles:
		return "files of " + some
	case NodeIdentity:
		return "kubelet of " + some
	case ChosenNodeIdentity:
		return "kubelet of " + chosen
	case NodePods:
		return "pods on " + some
	default:
		return "pods on " + chosen
	}
}
