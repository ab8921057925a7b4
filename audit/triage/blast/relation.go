package blast

// Relation is how an object depends on another one.
type Relation int

// The relations, as from the dependent to what it depends on.
const (
	Owns        Relation = iota // a workload has a pod that is hit
	RunsOn                      // its pods run on the node
	PinnedTo                    // a claim whose volume cannot leave the node
	Selects                     // a Service sends traffic to it
	RoutesTo                    // an Ingress or a route has it for a backend
	AttachedTo                  // a route takes its traffic from the Gateway, or the Gateway hands it on
	Secured                     // an Ingress or a Gateway has its certificate there
	Calls                       // the API server calls it: a webhook, an aggregated API, a conversion
	Scales                      // an autoscaler scales it
	Measures                    // an autoscaler gets its metrics there
	Budgets                     // a PodDisruptionBudget counts it
	Uses                        // pods are made of it: environment, volumes, pull secrets, account, claims
	SharesClaim                 // pods that use the same claim
	Provisioned                 // a claim of the storage class, or of the volume
	Permitted                   // a NetworkPolicy lets it in
	Names                       // its arguments or environment have the DNS name
)

// String returns the relation as a phrase that stands between the dependent and what
// it depends on: "selects".
func (r Relation) String() string {
	names := [...]string{
		"owns", "runs on", "is pinned to", "selects", "routes to", "is attached to", "has its certificate in", "calls",
		"scales", "is measured by", "budgets", "uses", "shares a claim with", "is provisioned by", "may call", "names",
	}
	if int(r) < 0 || int(r) >= len(names) {
		return "depends on"
	}
	return names[r]
}

// Certainty is how far a dependency can be relied upon, best first.
type Certainty int

// The certainties.
const (
	Certain Certainty = iota // a field of the API refers to it
	Likely                   // a selector selects it, or they share a place
	Hint                     // a text names it, or a policy would allow it: it may never be used
)

// String returns "certain", "likely" or "hint".
func (c Certainty) String() string { return [...]string{"certain", "likely", "hint"}[c] }

// When is when a dependent is hit.
type When int

// The moments.
const (
	Now       When = iota // as soon as what it depends on is
	NextStart             // when a pod is started next: those that run keep what they have
)

// String returns "now" or "next start".
func (w When) String() string { return [...]string{"now", "next start"}[w] }
