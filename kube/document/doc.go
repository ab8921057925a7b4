// Package document knows the text of manifests: where one YAML document ends
// and the next begins, what a field path means, and on which line a field is
// written.
//
// # Design
//
// Findings, fixes and reports name a field by a path; people look for it by a
// line. What reads manifests (package manifest) and what edits them (package
// fix of audit) must agree on both to the byte, so both are kept here.
//
// A file is cut into documents before any YAML is parsed: one broken document
// does not take the rest of the file with it, and the documents put together
// again are the file, byte for byte.
//
// This package reads no file and knows no kind of object. A new way to write a
// path goes to path.go.
package document
