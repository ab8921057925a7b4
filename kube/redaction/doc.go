// Package redaction takes out of objects what people and programs wrote into them and
// nobody but them should read: the values of environment variables, arguments, commands,
// headers and annotations, and whatever looks like a credential anywhere else.
//
// # Design
//
// A recording leaves the hands of whoever may read the cluster; it is judged, compared and
// replayed by others. So a rule must find in it what it finds in the cluster, and nobody may
// find in it what is not needed for that. Of a value are kept
//
//   - the names of objects of the same recording, which are there anyway, and of Services
//     in the form of DNS: who calls whom, which ConfigMap is in use;
//   - switches, short numbers and amounts, the names of flags and of variables referred to,
//     the program that a command begins with, and some words that rules look for;
//   - the flags of an API server that rules read (kube.APIServerFlags);
//   - which kind of credential it was (credential.Hidden).
//
// Everything else is gone, and is not hashed: a hash of a weak password is a weak secret.
// Each distinct text has a number instead, so that a changed value is seen to have changed
// within one recording. The number tells the order in which texts were met and no more.
//
// A value in a place that says it is a credential is hidden as a whole, also where it is the
// name of an object. Of annotations, those under the domains of Kubernetes and those that
// rules read are kept in full but for what looks like a credential.
//
// Tests hold both sides: over every example, manifest and recording there is, rules and
// triage say the same after redaction; and no planted value is left anywhere.
package redaction
