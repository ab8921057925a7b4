// Package house has no code of its own: its tests keep the repository's rules
// about itself. Which package may import which, how long a file may be, what
// stands at the top level, what CONTRIBUTING promises.
//
// It stands under cmd because cmd is the one layer that may know every other.
// It reads the repository as it finds it and must never import a package of
// it, or a broken package could hide that it is broken.
//
// To add a rule about imports, add a line to importRules (imports_test.go); any
// other rule is a test of its own in hygiene_test.go.
package house
