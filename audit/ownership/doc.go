// Package ownership says who writes an object and would undo a change that is made
// elsewhere: Argo CD, Flux, Helm, or an operator.
//
// # Design
//
// Several tools may have a part in an object, and what counts is the outermost: Argo CD and
// Flux write what Helm renders. Who it is, is read from what the tools leave on the object
// itself, so that it is known also where their own resources may not be read, or are in
// another cluster. What an object is made from (a chart, a path of a repository) is told as
// far as the view has the tool's resource.
package ownership
