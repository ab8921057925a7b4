// Package kubetest is what tests need to have a cluster to look at. A real one is
// started by StartTestbed, or shared by the tests of a package with SharedTestbed.
// Rounds is how much of a long test the race detector sees.
//
// It is imported by tests alone, and imports nothing but the standard library and
// package kube: a test must not need client-go to be compiled because its helper
// does. What a control plane is made of belongs to the program in kube/testbed, a
// module of its own, which this package only runs.
package kubetest
