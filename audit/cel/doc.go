// Package cel evaluates expressions of the Common Expression Language over
// objects of the view, as a ValidatingAdmissionPolicy does over what is about to
// be written: what people know from there works here.
//
// # Design
//
// The language is upstream's own. The environment (functions, macros, costs) is
// that of k8s.io/apiserver/pkg/cel/environment, and the variables are those of
// admission policies: object, oldObject, request, namespaceObject, params,
// variables, authorizer. An expression may cost what it may cost there, and so
// may all expressions about one object together.
//
// A view keeps less of an object than a server has, and it is not a server that
// somebody asks something of: who writes and what an authorizer would say is not
// to be known. Expressions see such a place as a gap ([Gaps]). One that looks at a
// gap has no value: its error is an [UnknownError] that names the gap. Looking is
// what counts, as it happens: if what was looked at before settles the result, by
// || or && or the first element that decides an all(), nothing is lost. What the
// gaps of each resource are stands in gaps.go, and a test there fills objects of
// every resource with data, puts them through a view, and finds each field that
// is not as it was in a gap.
//
// Nothing here decides what follows from a result: that is up to package custom,
// for rules that people write, and to the rules on admission policies.
//
// A new version of Kubernetes brings new functions with a new k8s.io/apiserver;
// a new field that the view does not keep goes to gaps.go.
package cel
