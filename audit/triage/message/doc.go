// Package message reads what components of Kubernetes say in the messages of
// conditions, events and container statuses.
//
// # Design
//
// Messages are no API: their words change between versions, and part of them is
// quoted from webhooks, registries, network plugins and programs. So nothing is
// guessed here. Each function looks for the words of one component, as its source
// has them (file and constant stand in the comments; where no version is named, it
// is Kubernetes 1.37.1, and older words are read too, down to 1.24), takes the names
// beside them, and says [Unparsed] of the rest.
//
// The words that come first decide. What stands there is the component's own, and
// what it quotes stands behind, so that a webhook which writes "exceeded quota" into
// its refusal is still a webhook.
//
// Every function takes any text, looks at no more than the first 32 KiB of it, and
// answers without an error. Names (of objects, containers, nodes, hosts) are handed
// on as they stand: they are text that a cluster controls, to be made printable
// before it is shown. Free text, in fields called Text, has been through [Scrub]. The
// output of probes, which programs write, is not kept at all.
//
// The package knows messages alone: no object, no clock, nothing of incidents. To
// read one more message, add its words where the component is read, with the place
// in the source, and the message itself to the table of the test.
package message

// Unparsed is the kind of a message, or of a part of it, whose words are not known:
// there is a cause, and only a person can read it.
const Unparsed = "unparsed"
