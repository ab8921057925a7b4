package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
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
	// Enabled reports whether the rule is on. Severity and Parameters are those
	// in force.
	Enabled bool `json:"enabled"`
	// Enforceable reports whether seaworthy enforce can write it as a policy.
	Enforceable bool           `json:"enforceable"`
	Parameters  map[string]any `json:"parameters,omitempty"`
}

// ruleSet is the rules that a command knows.
type ruleSet []audit.Category

func newRules(s *streams) *cobra.Command {
	format, o := "", &policyOptions{}
	c := &cobra.Command{
		Use:   "rules",
		Short: "List every rule",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := o.load(s)
			if err != nil {
				return err
			}
			rows, err := p.rows()
			if err != nil {
				return err
			}
			switch format {
			case "":
				return listRules(s, rows)
			case "json":
				encoder := json.NewEncoder(s.out)
				encoder.SetIndent("", "  ")
				encoder.SetEscapeHTML(false)
				return encoder.Encode(rows)
			}
			return usagef("reading -o %s: rules are listed as a table or as json", format)
		},
	}
	c.Flags().StringVarP(&format, "output", "o", "", "json for programs; a table otherwise")
	o.addFlags(c)
	c.AddCommand(newRulesTest(s))
	return c
}

func listRules(s *streams, rows []ruleRow) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "RULE\tCATEGORY\tSEVERITY\tCONTROLS\tTITLE")
	for _, r := range rows {
		severity := r.Severity
		if !r.Enabled {
			severity = "off"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Category, severity, strings.Join(r.Controls, ","), r.Title)
	}
	return w.Flush()
}

// rows returns every rule as the policy wants it.
func (p *ruling) rows() ([]ruleRow, error) {
	var rows []ruleRow
	for _, c := range p.known {
		for _, r := range c.Rules {
			enabled := p.Enabled(c.ID, r)
			r, err := p.Set(r)
			if err != nil {
				return nil, usagef("%w", err)
			}
			row := ruleRow{
				ID: r.ID, Category: c.ID, Severity: r.Severity.String(), Title: r.Title, Rationale: r.Rationale,
				Remediation: r.Remediation, Controls: append([]string{}, r.Controls...),
				Elsewhere: append([]string{}, catalogue.Elsewhere(r.ID)...), Subjects: []string{}, Reads: []string{}, Since: r.Since,
				Enabled: enabled, Enforceable: enforce.Can(r) == nil,
			}
			for _, parameter := range r.Parameters {
				if row.Parameters == nil {
					row.Parameters = map[string]any{}
				}
				row.Parameters[parameter.Name] = parameter.Value
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
	return rows, nil
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
	judging, err := f.ruleSet()
	if len(args) > 0 || err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, c := range policy.Catalogue(judging) {
		for _, r := range c.Rules {
			names = append(names, r.ID+"\t"+r.Title)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
