// Package fix applies the fixes of findings to manifests, and writes objects as
// manifests.
//
// # Design
//
// A manifest belongs to a person: an edit changes the bytes it must and no
// others. [Apply] therefore finds the place in the text by the positions of
// YAML nodes and splices there, instead of encoding the document again; comments,
// order, quotes, line ends and the indentation of lists stay as they are, and
// what is inserted follows the style around it. After each edit the text is
// parsed again and must hold exactly what the edit means; where it does not
// (above all where an anchor that is used elsewhere would change with it) the
// edit is refused. A wrong file is never returned.
//
// This package reads and writes no file and no cluster: it turns bytes into
// bytes, the same ones each time. A new kind of edit is an [audit.Op], a case
// in values.go, which says what it means, and one in splice.go, which does it.
package fix
