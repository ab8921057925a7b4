// Package admission judges objects by the ValidatingAdmissionPolicies of their
// cluster, as a server would if somebody created them now.
//
// # Design
//
// What a server does with a request is described at
// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/,
// and done here in its order: the policy matches (selectors, then the rules that
// exclude, then those that include), a binding matches, the match conditions hold,
// and then each validation counts. Only CREATE is played: what a policy says of an
// update depends on what is changed, and nothing is.
//
// The object is the one that is there, with a gap for all that it has got since it
// was created, and for what it would get on the way ([cel.Value.Unsettled]). What
// LimitRanges and webhooks change is not played: where they matter, a policy may
// see less of an object than it would.
//
// What cannot be told is said, and is no pass. Beside the gaps of package cel that
// is the value of params, because a view has no data of ConfigMaps and of kinds
// that it does not know; and the labels of a namespace that cannot be read. A
// match that depends on these is open, and so is what the policy says.
//
// The policies of a view are compiled once, and kept for the next views for as
// long as nobody changes one. This package reports nothing: rules do.
package admission
