package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// The parts that reports of openreports.io/v1alpha1 and wgpolicyk8s.io/v1alpha2 have
// in common.
type (
	policyReport struct {
		APIVersion string            `json:"apiVersion"`
		Kind       string            `json:"kind"`
		Metadata   reportMetadata    `json:"metadata"`
		Scope      *reportedResource `json:"scope,omitempty"`
		Summary    reportSummary     `json:"summary"`
		Results    []reportResult    `json:"results,omitempty"`
	}
	reportMetadata struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace,omitempty"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	}
	reportSummary struct {
		Pass  int `json:"pass"`
		Fail  int `json:"fail"`
		Warn  int `json:"warn"`
		Error int `json:"error"`
		Skip  int `json:"skip"`
	}
	reportResult struct {
		Source     string             `json:"source"`
		Policy     string             `json:"policy"`
		Category   string             `json:"category,omitempty"`
		Severity   string             `json:"severity,omitempty"`
		Result     string             `json:"result"`
		Scored     bool               `json:"scored"`
		Message    string             `json:"message"`
		Resources  []reportedResource `json:"resources,omitempty"`
		Properties map[string]string  `json:"properties,omitempty"`
		Timestamp  reportTime         `json:"timestamp"`
	}
	reportedResource struct {
		APIVersion string `json:"apiVersion,omitempty"`
		Kind       string `json:"kind"`
		Namespace  string `json:"namespace,omitempty"`
		Name       string `json:"name"`
	}
	reportTime struct {
		Seconds int64 `json:"seconds"`
		Nanos   int32 `json:"nanos"`
	}
)

const (
	// mostReport is how many bytes of JSON one report has: etcd refuses 1.5 MiB, but
	// kubectl apply keeps a copy in an annotation, of which a server takes 256 KiB.
	mostReport = 240 << 10
	// mostReported is how many bytes a text in a report has. None of Kubernetes' own
	// names is longer, but files may say what they like.
	mostReported = 2048
)

// reporting writes reports of one API group.
type reporting struct {
	*draft
	printer
	apiVersion string
}

func writeOpenReports(w io.Writer, d *draft) error {
	return d.report(w, "openreports.io/v1alpha1", "Report", "ClusterReport")
}

func writePolicyReport(w io.Writer, d *draft) error {
	return d.report(w, "wgpolicyk8s.io/v1alpha2", "PolicyReport", "ClusterPolicyReport")
}

// report writes a report for each namespace, one for what is in none or where none
// can be made, and one for each framework; several where one would be too large.
func (d *draft) report(w io.Writer, apiVersion, kind, clusterKind string) error {
	r := &reporting{d, printer{w: w}, apiVersion}
	var elsewhere []*score.Namespace
	for _, n := range d.scored {
		if !d.holds(n.Name) {
			elsewhere = append(elsewhere, n)
			continue
		}
		if err := r.write(kind, n.Name, "seaworthy", d.passes(n), d.results(n)); err != nil {
			return err
		}
	}
	if len(elsewhere) > 0 {
		passes := 0
		for _, n := range elsewhere {
			passes += d.passes(n)
		}
		if err := r.write(clusterKind, "", "seaworthy", passes, d.results(elsewhere...)); err != nil {
			return err
		}
	}
	for _, f := range d.Frameworks {
		if err := r.write(clusterKind, "", "seaworthy-"+f.ID, 0, d.controls(f)); err != nil {
			return err
		}
	}
	return r.err
}

// holds reports whether a report can be made in a namespace: it is there, and has a
// name that a server takes.
func (d *draft) holds(namespace string) bool {
	_, there := slices.BinarySearch(d.cluster.NamespaceNames(), namespace)
	return there && len(validation.IsDNS1123Label(namespace)) == 0
}

// write writes results as one report or several: each is held until it is full. What
// passed is only counted, in the first of them.
func (r *reporting) write(kind, namespace, name string, passes int, results iter.Seq[reportResult]) error {
	report := func(part int) policyReport {
		p := policyReport{APIVersion: r.apiVersion, Kind: kind, Metadata: reportMetadata{
			Name: name, Namespace: namespace,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "seaworthy"},
			Annotations: map[string]string{
				"seaworthy.dev/seen": r.Generated.Format("2006-01-02T15:04:05Z"), "seaworthy.dev/ruleset": r.RuleSet,
			},
		}}
		if part > 1 {
			p.Metadata.Name += "-" + strconv.Itoa(part)
		}
		if namespace != "" {
			p.Scope = &reportedResource{APIVersion: "v1", Kind: "Namespace", Name: namespace}
		}
		return p
	}
	const frame = 2048 // more than a report without results has
	part, size, current := 1, frame, report(1)
	current.Summary.Pass = passes
	for result := range results {
		text, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("encoding a result of %s: %w", result.Policy, err)
		}
		if size+len(text) > mostReport {
			if err := r.apart(current); err != nil {
				return err
			}
			part++
			size, current = frame, report(part)
		}
		size += len(text) + 1
		current.add(result)
	}
	return r.apart(current)
}

func (p *policyReport) add(r reportResult) {
	p.Results = append(p.Results, r)
	switch r.Result {
	case "pass":
		p.Summary.Pass++
	case "fail":
		p.Summary.Fail++
	case "warn":
		p.Summary.Warn++
	case "error":
		p.Summary.Error++
	default:
		p.Summary.Skip++
	}
}

// apart writes a report as a document of its own.
func (r *reporting) apart(report policyReport) error {
	text, err := yaml.Marshal(report)
	if err != nil {
		return fmt.Errorf("encoding report %s/%s: %w", report.Metadata.Namespace, report.Metadata.Name, err)
	}
	r.line("---\n%s", bytes.TrimSuffix(text, []byte("\n")))
	return r.err
}

// passes counts the subjects that pass, each once for every rule.
func (d *draft) passes(n *score.Namespace) int {
	passes := 0
	for _, t := range d.tallies[n.Name] {
		passes += t.Applicable - t.Failing
	}
	return passes
}

// results yields what was found in namespaces, and an error for each rule that could
// not be judged everywhere.
func (d *draft) results(namespaces ...*score.Namespace) iter.Seq[reportResult] {
	return func(yield func(reportResult) bool) {
		for _, n := range namespaces {
			for _, f := range n.Findings {
				if !yield(d.result(f)) {
					return
				}
			}
			for _, t := range d.tallies[n.Name] {
				if t.Coverage < 1 && !yield(d.said(reportResult{
					Policy: t.Rule.ID, Category: t.Category, Severity: t.Rule.Severity.String(), Result: "error",
					Message: "not judged in " + n.Name + ": " + t.Why,
				})) {
					return
				}
			}
		}
	}
}

// result is a finding as a result. One that costs nothing is a warning.
func (d *draft) result(one *score.Finding) reportResult {
	f := d.row(one)
	r := reportResult{
		Policy: f.Rule, Category: f.Category, Severity: f.Severity, Result: "fail", Scored: true, Message: f.Message,
		Resources: resourcesOf(one.Subject),
		Properties: map[string]string{
			"id": f.ID, "container": f.Container, "path": f.Path, "detail": f.Detail,
			"points": strconv.FormatFloat(f.Points, 'f', -1, 64), "gain": strconv.FormatFloat(f.Gain, 'f', -1, 64),
		},
	}
	if f.Fix != nil {
		r.Properties["fix"] = f.Fix.Title
	}
	switch {
	case f.Accepted != nil:
		r.Result, r.Scored, r.Properties["accepted"] = "skip", false, why(f.Accepted)
	case f.Implied != "":
		r.Result, r.Scored, r.Properties["implied"] = "warn", false, f.Implied
	case one.Severity == audit.Info:
		r.Result, r.Scored = "warn", false
	}
	return d.said(r)
}

// said completes a result, and makes its texts harmless and short enough.
func (d *draft) said(r reportResult) reportResult {
	r.Source, r.Timestamp = "seaworthy", reportTime{d.Generated.Unix(), int32(d.Generated.Nanosecond())} //nolint:gosec // less than a billion
	r.Message = clip(printable.Text(r.Message), mostReported)
	for key, text := range r.Properties {
		if r.Properties[key] = clip(printable.Text(text), mostReported); text == "" {
			delete(r.Properties, key)
		}
	}
	return r
}

// resourcesOf names an object, unless there is no kind of that name, as for users.
func resourcesOf(subject kube.Ref) []reportedResource {
	resource, ok := kube.ResourceOf(subject.Group, subject.Kind)
	if !ok {
		return nil
	}
	version := resource.Version
	if resource.Group != "" {
		version = resource.Group + "/" + version
	}
	clean := func(text string) string { return clip(printable.Text(text), mostReported) }
	return []reportedResource{{version, subject.Kind, clean(subject.Namespace), clean(subject.Name)}}
}

// controls yields the controls of a framework.
func (d *draft) controls(f Compliance) iter.Seq[reportResult] {
	outcomes := map[string]string{string(framework.Pass): "pass", string(framework.Fail): "fail", string(framework.NotEvaluated): "skip"}
	return func(yield func(reportResult) bool) {
		for _, c := range f.Controls {
			if !yield(d.said(reportResult{
				Policy: c.ID, Category: f.Title, Result: outcomes[c.Verdict], Message: c.Title + ": " + c.Said(),
				Properties: map[string]string{"verdict": c.Verdict, "framework": f.ID},
			})) {
				return
			}
		}
	}
}
