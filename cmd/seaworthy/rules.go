package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
)

// ruleRow is a rule as rules -o json lists it.
type ruleRow struct {
	ID          string   `json:"id"`
	Category    string   `json:"category"`
	Severity    string   `json:"severity"`
	Title       string   `json:"title"`
	Rationale   string   `json:"rationale"`
	Remediation string   `json:"remediation"`
	Controls    []string `json:"controls"`
	Elsewhere   []string `json:"elsewhere"` // what other tools call it
	Subjects    []string `json:"subjects"`
	Reads       []string `json:"reads"`
	Since       string   `json:"since"`
}

// ruleSet is the rules that a command knows.
type ruleSet []audit.Category

func newRules(s *streams) *cobra.Command {
	format, files := "", &ruleFiles{}
	c := &cobra.Command{
		Use:   "rules",
		Short: "List every rule",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			known, err := files.ruleSet()
			if err != nil {
				return err
			}
			switch format {
			case "":
				return known.list(s)
			case "json":
				encoder := json.NewEncoder(s.out)
				encoder.SetIndent("", "  ")
				encoder.SetEscapeHTML(false)
				return encoder.Encode(known.rows())
			}
			return usagef("reading -o %s: rules are listed as a table or as json", format)
		},
	}
	c.Flags().StringVarP(&format, "output", "o", "", "json for programs; a table otherwise")
	files.addFlag(c)
	c.AddCommand(newRulesTest(s))
	return c
}

func (set ruleSet) list(s *streams) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "RULE\tCATEGORY\tSEVERITY\tCONTROLS\tTITLE")
	for _, r := range set.rows() {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Category, r.Severity, strings.Join(r.Controls, ","), r.Title)
	}
	return w.Flush()
}

func (set ruleSet) rows() []ruleRow {
	var rows []ruleRow
	for _, c := range set {
		for _, r := range c.Rules {
			row := ruleRow{
				ID: r.ID, Category: c.ID, Severity: r.Severity.String(), Title: r.Title, Rationale: r.Rationale,
				Remediation: r.Remediation, Controls: append([]string{}, r.Controls...),
				Elsewhere: append([]string{}, catalogue.Elsewhere(r.ID)...), Subjects: []string{}, Reads: []string{}, Since: r.Since,
			}
			for _, subject := range r.Subjects {
				row.Subjects = append(row.Subjects, subject.String())
			}
			for _, read := range r.Reads {
				row.Reads = append(row.Reads, read.String())
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// named returns a rule and its category.
func (set ruleSet) named(id string) (*audit.Rule, audit.Category, bool) {
	for _, c := range set {
		for _, r := range c.Rules {
			if r.ID == id {
				return r, c, true
			}
		}
	}
	return nil, audit.Category{}, false
}

// complete completes the ID of a rule.
func (f *ruleFiles) complete(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	known, err := f.ruleSet()
	if len(args) > 0 || err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, r := range known.rows() {
		names = append(names, r.ID+"\t"+r.Title)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
