// Package catalogue knows which rules the source code declares, and writes the
// lists that are made of them.
//
// It reads Go syntax alone and never imports a rule, so that it works while a
// rule does not compile and before a list exists. Commands generate and
// scaffold are its callers; a further generated file is a function in
// write.go.
package catalogue
