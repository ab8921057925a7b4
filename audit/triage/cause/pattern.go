package cause

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Pattern is one way in which clusters break.
type Pattern struct {
	// ID is a slug that does not change ("bad-release").
	ID string
	// Family is the file it is in ("release").
	Family string
	// Title is the cause in general ("a new revision is broken").
	Title string
	// Signals are the detectors of which one must fire in the incident.
	Signals []string
	// Explains are detectors whose signals it accounts for as well, without being about
	// them: a quota that is used up, beside pods that it refuses.
	Explains []string
	// Speaks and Contradicts say what is for it and against it.
	Speaks, Contradicts string
	// Unchecked is what it never looks at, said of every such cause.
	Unchecked string
	// Mechanism is how changes are weighed for it.
	Mechanism change.Mechanism
	// Reads are the resources without which it cannot be sure.
	Reads []kube.Resource
	// Logs says that the proof is in logs: it is likely at best.
	Logs bool

	// gate reports whether it may be this. It gets the signals of the incident that are of
	// Signals, at least one, and narrows the subject to what the pattern is about.
	gate func(q *inquiry, s *subject) bool
	// weigh notes the evidence.
	weigh func(q *inquiry, s *subject, w *weighing)
	// title says the cause with its names, fix how to mend it.
	title, fix func(q *inquiry, s *subject) string
	// commands are in the order in which they help.
	commands func(q *inquiry, s *subject) []Command
}

// Patterns returns all patterns, by family. The caller owns the slice.
func Patterns() []*Pattern {
	return slices.Concat(
		imagePatterns(), releasePatterns(), memoryPatterns(), probePatterns(), configPatterns(),
		schedulingPatterns(), admissionPatterns(), nodePatterns(), storagePatterns(), networkPatterns(),
		autoscalingPatterns(), controlPlanePatterns(), jobPatterns(),
	)
}
