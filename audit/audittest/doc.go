// Package audittest tests the rules of a category by their examples.
//
// # Design
//
// A rule's examples are its tests and its documentation at once. Each rule has
// a folder testdata/<rule ID> beside its file:
//
//	pass.yaml     judged without a finding, and at least one subject applies
//	fail.yaml     exactly the findings marked in it
//	fixed.yaml    fail.yaml after the first fix of each finding, byte for byte
//	fixed.2.yaml  the same with the second alternative, and so on
//	pass-*.yaml   further examples, which may also be not applicable
//	fail-*.yaml   further examples with marks; fail-x.yaml may have fixed-x.yaml
//
// A mark is a comment at the end of the line where a finding's path lands, with
// a regular expression for each finding there:
//
//	privileged: true # want "container web is privileged"
//
// A path that does not exist lands on its deepest parent that does, a finding
// about an object as a whole on the object's first line, and one about an
// object that the file does not hold (a namespace known by name alone) on the
// file's first line. In fixed.yaml the marks are left out; run the test with
// -update to have it written, and read it before you commit it.
//
// A comment on the first line sets what the view says of itself where a rule
// depends on it; without it examples are manifests, seen at [Noon]:
//
//	# view: offline=false version=v1.31.0 time=2026-01-02T03:04:05Z
//
// A comment on the first or second line sets parameters of the rule; the items of
// a list are parted by commas:
//
//	# with: maximum=4 allowedRegistries=registry.example,mirror.example
//
// A measurement over some time is an object as well, of kind Measurement
// ([kube.Measurement]).
//
// Run also checks what is true of every rule: it describes itself, the order of
// documents does not matter, judging twice gives the same and changes nothing
// of the view, a placeholder cannot be taken for a fix, and no folder is left over. It must never skip: an example that
// is missing or is not read is an error. A further check that holds for all
// rules belongs in run.go.
package audittest
