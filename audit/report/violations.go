package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// PolicyViolation is what an engine found of an object, such as Gatekeeper or Kyverno.
type PolicyViolation struct {
	Namespace string `json:"namespace,omitempty"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Source    string `json:"source"`
	Policy    string `json:"policy"`
	Rule      string `json:"rule,omitempty"`
	Result    string `json:"result"` // "fail", "warn" or "error", as the engine has it
	Severity  string `json:"severity"`
	Message   string `json:"message,omitempty"`
	Objects   int    `json:"objects"`           // a workload and its pods that have it
	Checked   string `json:"checked,omitempty"` // when the engine last saw it, RFC 3339
	// Known has the IDs of the rules that judge the same, and Evidence those of their
	// findings about the same object: none where a rule did not find it.
	Known    []string `json:"known,omitempty"`
	Evidence []string `json:"evidence,omitempty"`

	subject kube.Ref
	beside  string
}

// violationsOf joins what engines found with the findings of an assessment, the worst
// first.
func violationsOf(a *score.Assessment) []PolicyViolation {
	c := a.Cluster
	var all []PolicyViolation
	evidence := map[kube.Ref]map[string][]string{} // the IDs of findings by object and rule
	for _, namespace := range append([]string{""}, c.NamespaceNames()...) {
		for ref := range policyengine.In(c, namespace) {
			evidence[ref] = map[string][]string{}
		}
	}
	if len(evidence) == 0 {
		return nil
	}
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if of := evidence[f.Subject]; of != nil {
				of[f.Rule.ID] = append(of[f.Rule.ID], f.ID())
			}
		}
	}
	for ref, of := range evidence {
		for _, v := range policyengine.Violations(c, ref) {
			all = append(all, violationOf(&v, ref, of))
		}
	}
	slices.SortFunc(all, func(a, b PolicyViolation) int {
		return cmp.Or(-cmp.Compare(severityNamed(a.Severity), severityNamed(b.Severity)), kube.CompareRefs(a.subject, b.subject),
			strings.Compare(a.Policy, b.Policy), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Source+a.Result, b.Source+b.Result))
	})
	return all
}

func violationOf(v *policyengine.Violation, ref kube.Ref, evidence map[string][]string) PolicyViolation {
	p := PolicyViolation{
		Namespace: ref.Namespace, Kind: ref.Kind, Name: ref.Name, Source: v.Source, Policy: v.Policy, Rule: v.Rule, Result: v.Outcome,
		Severity: v.Severity.String(), Message: v.Message, Objects: v.Objects, Known: v.Known, subject: ref,
		beside: v.Beside(func(rule string) bool { return len(evidence[rule]) > 0 }),
	}
	if !v.At.IsZero() {
		p.Checked = v.At.UTC().Format(time.RFC3339)
	}
	for _, rule := range v.Known {
		p.Evidence = append(p.Evidence, evidence[rule]...)
	}
	return p
}

func severityNamed(name string) audit.Severity {
	s, _ := audit.ParseSeverity(name)
	return s
}

// policy is the policy with its rule and who says so.
func (v *PolicyViolation) policy() string {
	name := v.Policy
	if v.Rule != "" && v.Rule != v.Policy {
		name += "/" + v.Rule
	}
	return name + " (" + v.Source + ")"
}

// mostViolations is how many violations are told where people read; JSON has all.
const mostViolations = 50

// violations returns those that are told, and what is to be said of the others.
func (r *Readiness) violations() (told []PolicyViolation, rest string) {
	if more := len(r.Violations) - mostViolations; more > 0 {
		return r.Violations[:mostViolations], fmt.Sprintf("and %d more: -o json has all", more)
	}
	return r.Violations, ""
}

const violationsTitle = "Violations that policy engines found"

// violations writes what engines found, with what rules find beside it.
func (p *printer) violations(r *Readiness) {
	told, rest := r.violations()
	if len(told) == 0 {
		return
	}
	p.line("")
	p.line("%s: %d", violationsTitle, len(r.Violations))
	for i := range told {
		v := &told[i]
		p.line("  %s  %s  %s", pad(v.Severity, len("critical")), printable.Text(v.subject.String()), printable.Text(v.policy()))
		for _, text := range []string{v.Message, v.beside} {
			if text != "" {
				p.line("  %s  %s", pad("", len("critical")), printable.Text(text))
			}
		}
	}
	if rest != "" {
		p.line("  %s", rest)
	}
}

// markdownViolations is a table of what engines found.
func (p *printer) markdownViolations(r *Readiness) {
	told, rest := r.violations()
	if len(told) == 0 {
		return
	}
	p.line("")
	p.line("### %s", violationsTitle)
	p.line("")
	p.line("| Severity | Object | Policy | What it says | Rules |")
	p.line("|---|---|---|---|---|")
	for i := range told {
		v := &told[i]
		p.line("| %s | %s | %s | %s | %s |", v.Severity, cell(v.subject.String()), cell(v.policy()), cell(v.Message), cell(v.beside))
	}
	if rest != "" {
		p.line("")
		p.line("%s.", title(rest))
	}
}

// htmlViolations has a row for each violation.
func (r *Readiness) htmlViolations(p *page, caption string) {
	told, rest := r.violations()
	if len(told) == 0 {
		return
	}
	var rows parts
	for i := range told {
		v := &told[i]
		known := parts{text(v.policy())}
		for _, said := range []string{v.Message, v.beside} {
			if said != "" {
				known = append(known, el("p", class("aside"), text(said)))
			}
		}
		rows = append(rows, el("tr", rowHead(text(v.subject.String())), el("td", text(v.Severity)), el("td", known)))
	}
	t := table(caption, parts{column("Object"), column("Severity"), column("Policy, and what it says")}, rows)
	class("controls").join(t.Node)
	p.add(t)
	if rest != "" {
		p.add(el("p", text(title(rest)+".")))
	}
}
