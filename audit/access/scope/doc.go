// Package scope measures how far the grants of a namespace go: how near the cluster
// is to its ServiceAccounts, what part of it they hold, how widely the namespace is
// open, and what is left over in it. The rules of the category rbac that measure
// say what it finds, and their weights are there.
//
// # Design
//
// The measures are of what is granted and not of how that is written: what a subject
// has is a set of atoms, a verb on a resource each (atom.go), united over
// all rules, roles and bindings that reach it. So it makes no difference whether a
// role is split, and whoever is granted more never makes a namespace better. The
// set of atoms is that of a server of today and does not depend on the view; each
// weighs as much as the harm that it can do (weight.go). Ways through several
// rights, and through what runs, are the attack graph's ([Outward]).
//
//   - Outward: 0.85 to the power of the cost ([paths.Distances]) from a ServiceAccount
//     to the cluster, the most of all; a quarter where no pod carries its token.
//   - Blast: the weight of what a ServiceAccount has, as a share of all there is. A
//     right in one of a hundred namespaces is a hundredth of it.
//   - Inbound: 1 − Π(1 − ω·μ) over users, groups and ServiceAccounts of other
//     namespaces: ω is how bad the worst is that they can do here (1, 0.6, 0.25 or
//     0.08), μ how easily one becomes them (anybody 1, anybody with an account 0.9,
//     every ServiceAccount 0.8, a group 0.15, a ServiceAccount 0.1, a user 0.03).
//   - Unbounded: 1 for every right, 0.6 for that in one API group, 0.3 for all verbs
//     or all resources; in one namespace half of it, and no more than 0.3.
//   - Stale: 1 − Π(1 − ω·c) over ServiceAccounts that bindings name and that do not
//     exist: c is 1 where somebody can create them and act as them, else 0.2. A binding
//     to a role that does not exist counts 0.05.
//
// What the server itself grants its controllers counts for nothing, nor do the
// subjects that a cluster is made of as somebody from outside: the ServiceAccounts
// of platform namespaces, and what is called system:… or kubeadm:…. For what others
// can reach through them they count like all others.
//
// # Where it differs from a first draft
//
// The share of a blast is that of the rights as they are granted: what they open is
// told beside it, for Outward measures it already, and twice would count one way
// twice. Root on any node is a goal beside the cluster, or clusters whose control
// plane is out of sight would have none. A Role with every right in a namespace that
// Pod Security restricts is little better than elsewhere, since the label is within it.
// Whether a token is good for anything plays no part in its exposure: else a
// namespace would be better for each right that is added. Rights over custom
// resources are no atoms; what their controllers do with them is a way of the graph.
//
// # Figures
//
// Seen with manifests of the projects as they publish them (of Velero, as its
// installer makes them); 0 is left out:
//
//	namespace           outward  blast  inbound  unbounded  stale  tokens  scope score
//	argocd                 1.00   1.00               1.00                            6
//	velero, installed      1.00   1.00               1.00                            6
//	flux-system            1.00   1.00     0.38      1.00    1.00                    4
//	longhorn-system        0.85   1.00               1.00                           16
//	gatekeeper-system      0.72   0.10               0.30                           61
//	istio-system           0.44   0.07               0.30           0.06            78
//	monitoring             0.44   0.09               0.30                           78
//	sock-shop                              0.15                     0.30            93
//	ingress-nginx                                                                  100
//	a stock cluster                                                                100
//
// # Cost
//
// The grants are measured anew when a role, a binding, a namespace or a
// ServiceAccount changes, the ways when the attack graph does: all namespaces in one
// pass, whatever the number of ServiceAccounts. With 150,000 pods and 20,000 Roles
// of which no two are alike that takes 0.2 s for the grants and 0.1 s for the ways,
// beside the graph itself; to see that nothing of it changed with a pod, 0.03 s, most
// of which is the graph's (BenchmarkScope).
package scope
