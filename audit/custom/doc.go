// Package custom turns files in which people write rules of their own into rules
// like all others: judged subject by subject, scored, explained, with fixes.
//
// # Design
//
// A rule says what it is about (match), what must be true there (validations,
// expressions as in a ValidatingAdmissionPolicy, see package cel), and by which
// examples one sees that it works. A file has one YAML document a rule:
//
//	id: image-from-our-registry
//	title: An image is from elsewhere
//	severity: high
//	category: images            # one that there is, or custom
//	rationale: What is not built here is not scanned here.
//	remediation: Push the image to registry.example and name it there.
//	controls: [OPS-7]
//	params: {registry: registry.example/}
//	match:
//	  kinds: [workloads]        # or apps/v1/Deployment, v1/Service, …
//	  namespaces: ["*", "!kube-*"]
//	  labels: tier in (front, back)
//	variables:
//	- name: foreign
//	  expression: object.spec.containers.filter(c, !c.image.startsWith(params.registry))
//	validations:
//	- expression: variables.foreign.size() == 0
//	  messageExpression: "'from elsewhere: ' + variables.foreign.map(c, c.image).join(', ')"
//	  path: spec.containers
//	examples:
//	  pass: [{apiVersion: v1, kind: Pod, …}]
//	  fail: [{manifest: {apiVersion: v1, kind: Pod, …}, want: [from elsewhere]}]
//
// For workloads, object is the pod that the workload makes, podSpec its spec,
// and workload the object that it is made by. An expression sees one object: a
// rule that has to look at others is written in Go.
//
// What a rule cannot tell is unknown: an expression that fails, or that looks at
// what is not known, never passes. Reading is strict: what is not understood is
// an error with file and line, and no rule.
//
// This package reads no files: who calls it has read them. A new key of the
// format is a field of written, in document.go.
package custom
