package kube

// Attempt is one change that a server is asked about and does not make: a dry run
// (kubernetes.io/docs/reference/using-api/api-concepts, Dry-run).
type Attempt struct {
	Verb      AttemptVerb
	Resource  Resource
	Namespace string // "" for objects in none
	Name      string
	// Body is the object to create or the patch, as JSON; nil to delete.
	Body []byte
	// JSONPatch says that Body is a JSON patch (RFC 6902) and not a strategic merge
	// patch.
	JSONPatch bool
}

// AttemptVerb is what an [Attempt] would do, as RBAC calls it.
type AttemptVerb string

// The verbs of attempts.
const (
	TryCreate AttemptVerb = "create"
	TryPatch  AttemptVerb = "patch"
	TryDelete AttemptVerb = "delete"
)

// Outcome is how a server answers an [Attempt].
type Outcome int

// The outcomes. Untried is no answer: nothing is known of what the server would say.
const (
	Untried Outcome = iota
	Accepted
	Refused      // by validation or admission
	NotPermitted // the one who asks lacks a right
)

// String returns "untried", "accepted", "refused" or "not permitted".
func (o Outcome) String() string {
	return [...]string{"untried", "accepted", "refused", "not permitted"}[o]
}

// Verdict is what a server says of an [Attempt]. Its texts are the server's, on one
// line and without control characters.
type Verdict struct {
	Outcome Outcome
	// By is who refused: "admission webhook NAME", "ValidatingAdmissionPolicy NAME",
	// "Pod Security", "ResourceQuota", "RBAC", "validation", "the API server"; "" for
	// the other outcomes.
	By string
	// Why says more: the message of a refusal, the missing right, why nothing could
	// be tried. "" for what is accepted.
	Why string
	// Warnings are what the server and its admission warn of, in its order.
	Warnings []string
}

// String is the verdict in words, without the warnings: "accepted", "refused by Pod
// Security: ...", "not permitted: it needs the right to ...", "untried: ...".
func (v Verdict) String() string {
	text := v.Outcome.String()
	if v.By != "" {
		text += " by " + v.By
	}
	if v.Why != "" {
		text += ": " + v.Why
	}
	return text
}

// Sentences is the verdict in words, and below it what is warned of, one a line.
func (v Verdict) Sentences() []string {
	lines := []string{v.String()}
	for _, w := range v.Warnings {
		lines = append(lines, "the server warns: "+w)
	}
	return lines
}
