package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// subjectRow is a subject as -o json has it.
type subjectRow struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

func rowOfSubject(s access.Subject) subjectRow { return subjectRow{s.Kind, s.Namespace, s.Name} }

func rowOfRef(r kube.Ref) subjectRow { return subjectRow{r.Kind, r.Namespace, r.Name} }

// grantedRule is a rule and its place in the role. Sources are the ClusterRoles from
// which an aggregated one has it.
type grantedRule struct {
	Index           int      `json:"index"` // from 0
	Verbs           []string `json:"verbs"`
	APIGroups       []string `json:"apiGroups"`
	Resources       []string `json:"resources"`
	ResourceNames   []string `json:"resourceNames"`
	NonResourceURLs []string `json:"nonResourceURLs"`
	Sources         []string `json:"sources"`
}

// grantRow is why somebody can do something.
type grantRow struct {
	Subject subjectRow  `json:"subject"`
	Binding subjectRow  `json:"binding"`
	Role    subjectRow  `json:"role"`
	Rule    grantedRule `json:"rule"`
}

func rowOfGrant(rules *answer.Rules, g access.Grant) grantRow {
	rule := g.Binding.Rules[g.Rule]
	return grantRow{rowOfSubject(g.Subject), rowOfRef(g.Binding.Ref), rowOfRef(g.Binding.Role), grantedRule{
		g.Rule, filled(rule.Verbs), filled(rule.APIGroups), filled(rule.Resources), filled(rule.ResourceNames),
		filled(rule.NonResourceURLs), filled(rules.Sources(g.Binding.Role, g.Rule)),
	}}
}

// filled makes a list that programs read as one also if it is empty.
func filled(list []string) []string { return append([]string{}, list...) }

// limits are what keeps an answer from being the whole truth. Every answer has
// them.
type limits struct{ answer.Limits }

// limitsOf returns the limits of an answer that bindings matter to of which counts
// is true.
func limitsOf(view *kube.Cluster, counts func(*access.Binding) bool) limits {
	return limits{answer.LimitsOf(view, counts)}
}

// alsoOf adds what else of some resources could not be read.
func (l limits) alsoOf(view *kube.Cluster, resources []kube.Resource) limits {
	return limits{l.AlsoOf(view, resources)}
}

// tell says the limits of an answer: below the table, once, after other remarks.
func (l limits) tell(s *streams, _ *kube.Cluster, lines ...string) error {
	for _, line := range append(lines, l.Lines()...) {
		for i, part := range style.Wrap(line, page) {
			if i > 0 {
				part = "  " + part
			}
			if _, err := fmt.Fprintln(s.out, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeJSON writes an answer for programs.
func writeJSON(s *streams, answer any) error {
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// table is columns that become as wide as they must.
type table struct {
	*tabwriter.Writer
	text *bytes.Buffer
}

func newTable() table {
	text := &bytes.Buffer{}
	return table{tabwriter.NewWriter(text, 0, 0, 2, ' ', 0), text}
}

// print prints the table without the blanks that pad its last columns.
func (t table) print(s *streams) error {
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(t.text.String()) {
		if _, err := fmt.Fprintln(s.out, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
