// Package form reads YAML that people wrote by hand: the house's configuration and a
// user's settings.
//
// It keeps to what a person wants to hear about a mistake. All are told together, each
// with file and line, in the words of who wrote the file, with the name that was
// probably meant; an unknown key is a mistake. What the keys mean is for the caller: it
// says which there are and reads their values.
//
// The package does no I/O, and must never know a rule or a setting.
package form
