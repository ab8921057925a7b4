package audit

import (
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Admission is what a rule asks of an object by itself, in the Common Expression
// Language of ValidatingAdmissionPolicies: by it an API server refuses what the
// rule would find something in. It stands beside the rule's Check, and tests of
// package enforce hold the two to the same verdict about every object; a rule
// that looks at more than one object has none.
//
// Expressions name object and what else policies do, and as variables.NAME the
// parameters of the rule, its Variables, and where pods are judged:
//
//	podSpec, podMetadata  of the pod, or of the template of what makes pods
//	podSecurityContext    the pod's, {} where there is none
//	annotations           the pod's, {} where there are none
//	containers            all of them: main, init and ephemeral
//	declared              those that a kubelet starts by itself: main and init
//	longRunning           main ones and sidecars (KEP-753)
//	windows               the pod says that it runs on Windows
//	completes             the pods are meant to end
type Admission struct {
	// Resources are those of the objects; nil for every resource with a pod spec:
	// pods, and what makes them.
	Resources []kube.Resource
	// Except is true of objects of which the rule says nothing; "" if of none.
	Except string
	// Variables are what expressions name, in an order in which each names those
	// before it only.
	Variables []Variable
	// Container is true of a container at fault, which it calls c; "" if none is
	// judged by itself. Among is the variable that lists those to judge,
	// containers if it is "".
	Container, Among string
	// AtFault lists the texts that name what is at fault; "" if nothing is told so.
	AtFault string
	// Object is true of an object at fault as a whole; "" if none is.
	Object string
	// Validations are what rules of people ask, as they wrote it.
	Validations []Validation
	// Params are what they name as variables.params, with the values that the rule's
	// parameters of the same names have; nil for none.
	Params map[string]any
	// Namespaces is an expression that is true of the requests that a rule of
	// people is about, by their namespace, and Labels selects the objects; "" and
	// nil for all.
	Namespaces string
	Labels     *metav1.LabelSelector
}

// Variable is an expression with a name.
type Variable struct{ Name, Expression string }

// Validation is an expression that must be true of an object, and what is said
// where it is not: MessageExpression goes before Message, and both may be "".
type Validation struct{ Expression, Message, MessageExpression string }

// Text writes a text in the Common Expression Language, whose escapes are among
// those of Go.
func Text(text string) string {
	if !strings.ContainsAny(text, `'\`) && strconv.Quote(text) == `"`+text+`"` {
		return "'" + text + "'"
	}
	return strconv.Quote(text)
}

// Texts writes a list of texts in the Common Expression Language.
func Texts(texts []string) string {
	written := make([]string, len(texts))
	for i, text := range texts {
		written[i] = Text(text)
	}
	return "[" + strings.Join(written, ", ") + "]"
}
