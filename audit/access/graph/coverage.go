package graph

import (
	_ "embed" // the list of ways
	"strings"
)

//go:embed coverage.tsv
var coverage string

// Decider is who lets the step that an edge is happen: who would have to be asked to
// see that the claim is true.
type Decider string

// The deciders. Tests replay what the API server decides on a real one.
const (
	ByAPI      Decider = "api"      // kube-apiserver: authentication, authorization, admission, what may be changed
	ByKubelet  Decider = "kubelet"  // a kubelet, which makes of a pod what its object says
	ByNode     Decider = "node"     // the kernel, the runtime and the files of a node
	ByNetwork  Decider = "network"  // what gets traffic
	ByCloud    Decider = "cloud"    // a cloud, which trusts the cluster
	ByAddition Decider = "addition" // what is no part of Kubernetes: a controller, OpenShift's admission
	ByShape    Decider = "shape"    // nobody: one thing is a part of another
)

// Covered says what became of one way that people have written down.
type Covered struct {
	ID string
	// Family is the ID of the family whose edges the way is; "" if it is none.
	Family string
	// By is who decides on the edges of a family of its own; "" for all others.
	By Decider
	// Why says why the way is within another family, or is no edge; "" for one
	// with a family of its own.
	Why string
}

// Coverage returns what became of each way that is known for role bindings, pods
// and nodes: 205, by subject. A list without its gaps would be a claim.
func Coverage() []Covered {
	var all []Covered
	header := true
	for line := range strings.Lines(coverage) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if header {
			header = false
			continue
		}
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all = append(all, Covered{fields[0], fields[2], Decider(fields[3]), fields[4]})
	}
	return all
}
