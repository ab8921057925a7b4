// Package isolation works out what network policies let to and from the pods of
// a workload.
//
// A direction of a pod is open until a policy isolates it; what then passes is
// the union of what all policies allow. Beside NetworkPolicies it knows those of
// Cilium and Calico, which take part in that union, and the policies of
// administrators (AdminNetworkPolicy, ClusterNetworkPolicy and the baseline ones),
// which are asked before and after it. What it cannot tell, it says: see
// [Verdict.Doubt].
//
// It judges what is declared. Whether a network plugin enforces it is another
// question, and so is who may reach whom: a rule that names peers, ports or
// addresses is a restriction, however wide.
package isolation
