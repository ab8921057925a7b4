// Package report writes assessments for people and programs.
//
// # Design
//
// A [Format] is a value: a name and a function that writes an
// [score.Assessment]. What a report says is decided once, in document.go, as
// plain data whose JSON form is the contract of scan -o json; the other formats
// lay the same document out. Every report begins with who looked at what, when,
// and what could not be seen.
//
// Text that a cluster controls is made harmless by the format that writes it:
// [printable.Text] for terminals. A page of HTML is a tree of [html.Node]: what is
// said in it is a text or the value of an attribute, goes through [printable.Text]
// too, and is escaped by [html.Render]; nothing in this package puts markup together
// from strings, and the page's own policy lets no script and no style run but the two
// that are compiled in.
//
// Of several clusters a format writes [Member]s, whose documents are whole and hold no view
// (fleet.go); those that are applied to one cluster say so ([ErrNoFleet]). A format of pipelines
// writes each member with the functions that write one cluster ([newMemberDraft]).
//
// To add a format, write a file with a function, a line in formats, and a
// golden file. This package opens no file and knows no screen.
package report
