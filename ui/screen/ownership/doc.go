// Package ownership is the screen that says who the objects of a cluster belong to: which
// tool writes them again, which were made by hand, and what people changed by hand of what
// is delivered from Git, with the fields, who, and when.
//
// It goes through the metadata of all objects that people write, so it is done in the
// background, and anew no more than once a second however busy the cluster is. What is said
// here is what scan --ownership says.
package ownership
