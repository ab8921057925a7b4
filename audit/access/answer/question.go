package answer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Aim finds the resource that a name means in a view, RESOURCE or
// RESOURCE/SUBRESOURCE as kubectl takes it, and puts it into a question that says
// all else. The remarks are about how the question was understood. The error says
// what is not known, and suggests what is.
func Aim(q *access.Question, view *kube.Cluster, what string) (remarks []string, err error) {
	name, subresource, divided := strings.Cut(what, "/")
	found := access.ResourcesNamed(view, name)
	if plural, group, full := strings.Cut(name, "."); full && len(found) == 0 && unsureOfCustom(view) {
		found = []access.APIResource{{Group: group, Plural: plural}}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no resource %q%s", name, form.Nearest(name, resourceNames(view)))
	}
	r := found[0]
	q.Resource, q.Subresource = r, subresource
	switch {
	case !divided || r.Everything():
	case subresource == "":
		return nil, fmt.Errorf("%s names no subresource", what)
	case r.Scope != access.UnknownScope && subresource != "*" && !slices.Contains(r.Subresources, subresource):
		return nil, fmt.Errorf("%s has no subresource %q%s", r, subresource, form.Nearest(subresource, r.Subresources))
	}
	var others []string
	for _, other := range found[1:] {
		if other.Group != kube.PodMetrics.Group { // figures about pods, not pods
			others = append(others, other.String())
		}
	}
	if len(others) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s is %s here; there is also %s", name, r, strings.Join(others, ", ")))
	}
	return append(remarks, remarksOn(q)...), nil
}

// remarksOn says what is easily missed about a question.
func remarksOn(q *access.Question) []string {
	var remarks []string
	r := q.Resource
	if len(q.Namespaces) > 0 && r.Scope == access.OfCluster && r.String() != kube.Namespaces.Plural && q.Verb != "bind" {
		remarks = append(remarks, fmt.Sprintf("%s are in no namespace: a namespace does not narrow the question, and no RoleBinding grants them", r))
	}
	streams := []string{"exec", "attach", "portforward"}
	if r.String() == kube.Pods.Plural && slices.Contains(streams, q.Subresource) && q.Verb == "get" {
		remarks = append(remarks, fmt.Sprintf("since Kubernetes 1.35 get alone opens no stream: create on pods/%s is needed as well", q.Subresource))
	}
	if q.Verb == "create" && q.Name != "" && q.Subresource == "" {
		remarks = append(remarks, "a create that bears a name is a server-side apply, which needs patch on it as well")
	}
	return remarks
}

// Unnamed says that no rule of a view names a verb, "" if one does.
func Unnamed(view *kube.Cluster, verb string) string {
	if access.VerbNamed(view, verb) {
		return ""
	}
	return fmt.Sprintf("no rule names the verb %q%s", verb, form.Nearest(verb, access.Verbs()))
}

// unsureOfCustom reports whether there may be custom resources that the view does not
// know of.
func unsureOfCustom(view *kube.Cluster) bool {
	_, blind := view.Blind(kube.CustomResourceDefinitions, "")
	return blind || view.Info.Offline
}

// resourceNames are the full names of resources, to suggest one of.
func resourceNames(view *kube.Cluster) []string {
	var names []string
	for _, r := range access.APIResources(view) {
		names = append(names, r.Plural, r.String())
	}
	return names
}

// Asking is a question as it was typed, taken apart: the words are known to be as
// many as they must be, and no more.
type Asking struct {
	Verb, What string // What is RESOURCE, RESOURCE/SUBRESOURCE or /PATH
	Name       string // of the object, "" for any
	Namespaces []string
}

// ErrIncomplete is the error of a question that lacks words.
var ErrIncomplete = errors.New(`say what is done to what, as in "delete secrets in payments"`)

// Parse takes a question apart: "delete secrets in payments", "create pods/exec",
// "get secrets db in payments,ci" (one that is named db), "get /metrics". A
// namespace may also be given as kubectl takes it, with -n. The error is
// [ErrIncomplete], or names the word that is one too many.
func Parse(text string) (Asking, error) {
	var a Asking
	words := strings.Fields(text)
	var plain []string
	for i := 0; i < len(words); i++ {
		if words[i] != "in" && words[i] != "-n" || len(plain) < 2 {
			plain = append(plain, words[i])
			continue
		}
		if i++; i == len(words) {
			return Asking{}, fmt.Errorf("after %q there must be a namespace", words[i-1])
		}
		for name := range strings.SplitSeq(words[i], ",") {
			if name != "" {
				a.Namespaces = append(a.Namespaces, name)
			}
		}
	}
	switch {
	case len(plain) < 2:
		return Asking{}, ErrIncomplete
	case len(plain) > 3:
		return Asking{}, fmt.Errorf(`%q is one word too many: a question is "VERB RESOURCE [NAME] [in NAMESPACE]"`, plain[3])
	case len(plain) == 3:
		a.Name = plain[2]
	}
	a.Verb, a.What = strings.ToLower(plain[0]), plain[1]
	if strings.HasPrefix(a.What, "/") && (a.Name != "" || len(a.Namespaces) > 0) {
		return Asking{}, fmt.Errorf("%s is a path: it has neither a name nor a namespace", a.What)
	}
	return a, nil
}

// Question returns the question in a view, with remarks as [Aim] makes them.
func (a Asking) Question(view *kube.Cluster) (q access.Question, remarks []string, err error) {
	q = access.Question{Verb: a.Verb, Name: a.Name, Namespaces: a.Namespaces}
	if strings.HasPrefix(a.What, "/") {
		q.Path = a.What
		return q, nil, nil
	}
	remarks, err = Aim(&q, view, a.What)
	return q, remarks, err
}
