package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// What SARIF says of the tool, and of the frameworks that its rules answer for.
type (
	sarifTool struct {
		Driver sarifComponent `json:"driver"`
	}
	sarifComponent struct {
		Name          string            `json:"name"`
		Version       string            `json:"version"`
		URI           string            `json:"informationUri"`
		Taxonomies    []sarifPart       `json:"supportedTaxonomies,omitempty"`
		Notifications []sarifDescriptor `json:"notifications,omitempty"`
		Rules         []sarifDescriptor `json:"rules,omitempty"`
		Taxa          []sarifDescriptor `json:"taxa,omitempty"`
	}
	sarifPart struct {
		Name  string `json:"name"`
		Index int    `json:"index"`
	}
	sarifDescriptor struct {
		ID            string              `json:"id"`
		Short         sarifText           `json:"shortDescription"`
		Full          *sarifText          `json:"fullDescription,omitempty"`
		Help          *sarifText          `json:"help,omitempty"`
		HelpURI       string              `json:"helpUri,omitempty"`
		Configuration *sarifConfiguration `json:"defaultConfiguration,omitempty"`
		Relationships []sarifRelationship `json:"relationships,omitempty"`
		Properties    map[string]any      `json:"properties,omitempty"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRelationship struct {
		Target struct {
			ID        string    `json:"id"`
			Component sarifPart `json:"toolComponent"`
		} `json:"target"`
		Kinds []string `json:"kinds"`
	}
)

const (
	home = "https://github.com/seaworthy-dev/seaworthy"
	// What GitHub's code scanning takes of a description, and of tags.
	mostDescription, mostTags = 1024, 20
)

// sarifDriver describes seaworthy with every rule that was judged. Its version is that
// of the rules: when it changes, so may results.
func (d *draft) sarifDriver() sarifComponent {
	driver := sarifDriverOf(d.RuleSet, notSeen, "A resource that could not be read, so not judged")
	relationships := map[string][]sarifRelationship{}
	for i, f := range d.Frameworks {
		part := sarifPart{f.Title, i}
		driver.Taxonomies = append(driver.Taxonomies, part)
		for _, control := range f.Controls {
			r := sarifRelationship{Kinds: []string{"relevant"}}
			r.Target.ID, r.Target.Component = control.ID, part
			for _, rule := range control.Rules {
				relationships[rule] = append(relationships[rule], r)
			}
		}
	}
	listed := map[string]bool{}
	for _, c := range d.titles {
		for _, r := range c.Rules {
			rule := sarifRule(r, c.ID)
			rule.Relationships = relationships[r.ID]
			if r.Since != "own" { // by package custom
				rule.HelpURI = fmt.Sprintf("%s/blob/main/audit/rules/%s/%s.go", home, c.ID, r.ID)
			}
			driver.Rules = append(driver.Rules, rule)
			listed[r.ID] = true
		}
	}
	for _, f := range d.sketches() { // a policy finds something too
		if !listed[f.Rule] {
			listed[f.Rule] = true
			driver.Rules = append(driver.Rules, sarifRule(f.rule, f.Category))
		}
	}
	return driver
}

// sarifDriverOf describes seaworthy without rules, with the one kind of notification that
// it gives.
func sarifDriverOf(ruleSet, notification, about string) sarifComponent {
	return sarifComponent{Name: "seaworthy", Version: ruleSet, URI: home, Notifications: []sarifDescriptor{
		{ID: notification, Short: sarifText{Text: about}},
	}}
}

func sarifRule(r *audit.Rule, category string) sarifDescriptor {
	why, what := cmp.Or(r.Rationale, r.Title), cmp.Or(r.Remediation, r.Title)
	help := fmt.Sprintf("%s\n\n**What to do.** %s\n\nMore: `seaworthy explain %s`", why, what, r.ID)
	tags := append([]string{category}, r.Controls...)
	properties := map[string]any{"severity": r.Severity}
	if len(r.Controls) == 0 {
		properties["problem.severity"] = map[string]string{"error": "error", "warning": "warning", "note": "recommendation"}[sarifLevel(r.Severity.String())]
	} else { // a framework of security asks for it
		tags = slices.Insert(tags, 0, "security")
		properties["security-severity"] = securitySeverity(r.Severity)
	}
	properties["tags"] = tags[:min(mostTags, len(tags))]
	return sarifDescriptor{
		ID: r.ID, Short: sarifText{Text: clip(r.Title, mostDescription)}, Full: &sarifText{Text: clip(why, mostDescription)},
		Help:          &sarifText{Text: strings.NewReplacer("**", "", "`", "").Replace(help), Markdown: help},
		Configuration: &sarifConfiguration{sarifLevel(r.Severity.String())}, Properties: properties,
	}
}

// sarifTaxonomies are the frameworks that were asked for, with what became of their
// controls.
func (d *draft) sarifTaxonomies() []sarifComponent {
	var taxonomies []sarifComponent
	for _, f := range d.Frameworks {
		taxonomy := sarifComponent{Name: f.Title, Version: f.Edition, URI: f.Source}
		for _, c := range f.Controls {
			taxonomy.Taxa = append(taxonomy.Taxa, sarifDescriptor{ID: c.ID, Short: sarifText{Text: c.Title}, Properties: map[string]any{
				"verdict": c.Verdict, "reason": c.Reason, "judged": c.Judged, "failing": c.Failing,
			}})
		}
		taxonomies = append(taxonomies, taxonomy)
	}
	return taxonomies
}

// securitySeverity is a severity as a number in the ranges in which GitHub reads the
// same word: over 9.0 critical, from 7.0 high, from 4.0 medium.
func securitySeverity(s audit.Severity) string {
	switch s {
	case audit.Critical:
		return "9.5"
	case audit.High:
		return "8.0"
	case audit.Medium:
		return "5.5"
	case audit.Low:
		return "2.0"
	default:
		return "0.1"
	}
}

// clip returns the beginning of a text, most bytes of it at the most.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const more = "…"
	return strings.ToValidUTF8(text[:most-len(more)], "") + more
}
