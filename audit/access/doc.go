// Package access answers who can do what: it reads Roles and bindings as the
// RBAC authorizer of the API server does.
//
// # Design
//
// A [Request] is one thing asked of the server, and [Allows] says whether one
// rule of a role grants it. A [Binding] is a RoleBinding or ClusterRoleBinding
// joined to the rules of its role; [Of] resolves all bindings of a view, once,
// and finds those of a subject, through the groups that ServiceAccounts are in
// without being listed.
//
// The stored rules are the truth: an aggregationRule is never evaluated here,
// because the authorizer does not read it either (the controller manager writes
// what it selects into the rules). What is decided outside RBAC objects — the
// Node authorizer, webhooks, a cloud's own access entries, the hard-wired group
// system:masters — is not known to this package: false means that no RBAC rule
// of the view allows a request.
//
// Nothing here asks a server, and nothing judges: whether a grant is dangerous
// is for package rbac to say. The next thing to come is the graph of attack
// paths; it belongs in files of its own beside these.
package access
