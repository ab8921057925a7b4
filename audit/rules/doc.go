// Package rules is the list of every category of rules.
//
// # Design
//
// Each category is a package below this one: doc.go says what it is about and
// what it weighs, each rule is a file that bears its ID, and its examples are
// in the testdata folder of that name. There is no logic here, and no list that
// a person keeps: all_gen.go, the rules_gen.go of each category, its test and
// README.md are written by go generate from what the folders hold.
//
// A rule is run on thousands of workloads, most of which pass: it should put
// texts and fixes together only when it has a finding, and leave what depends on
// more than its subject to an index of package kube. The benchmark here, with
// -each-rule, shows what each costs a workload.
//
// To add a rule, run
//
//	go run ./audit/rules/internal/scaffold -id my-rule -category probes
//
// from the root of the module; to add a category, make a folder with a doc.go
// like those of the others and run go generate ./audit/rules.
package rules

//go:generate go run ./internal/generate
