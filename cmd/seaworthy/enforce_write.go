package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// documents returns a policy and its binding as they are applied.
func (e *enforced) documents() ([]map[string]any, error) {
	var all []map[string]any
	for _, object := range []runtime.Object{e.Policy, e.Binding} {
		document, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", e.Policy.Name, err)
		}
		delete(document, "status")
		if metadata, ok := document["metadata"].(map[string]any); ok {
			delete(metadata, "creationTimestamp")
		}
		all = append(all, document)
	}
	return all, nil
}

// writeEnforcementYAML writes the policies to standard output, and what they would
// do to standard error.
func writeEnforcementYAML(s *streams, e *enforcement) error {
	if err := s.show(e.writeYAML); err != nil {
		return err
	}
	return e.tell(s.err)
}

func (e *enforcement) writeYAML(w io.Writer) error {
	for i := range e.policies {
		documents, err := e.policies[i].documents()
		if err != nil {
			return err
		}
		for _, document := range documents {
			text, err := fix.YAML(document)
			if err != nil {
				return fmt.Errorf("writing %s: %w", e.policies[i].Policy.Name, err)
			}
			if _, err := fmt.Fprintf(w, "---\n%s", text); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeEnforcementText(s *streams, e *enforcement) error { return e.tell(s.out) }

// mostRefusals is how many objects of a namespace people are told of.
const mostRefusals = 20

// tell says what would happen, for people.
func (e *enforcement) tell(w io.Writer) error {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", indent), printable.Text(fmt.Sprintf(format, args...)))
	}
	for i := range e.policies {
		one := &e.policies[i]
		if i > 0 {
			line(0, "")
		}
		line(0, "%s (%s, %s): %s", one.Rule.ID, e.action, e.where(one), one.Rule.Title)
		if one.PodSecurity != "" {
			line(1, "Pod Security refuses such pods too, with all else of its level: a namespace labelled pod-security.kubernetes.io/enforce=%s needs no policy for it.", one.PodSecurity)
		}
		for _, note := range one.Notes {
			line(1, "note: %s", note)
		}
		for _, blind := range one.Blind {
			line(1, "warning: %s", blind)
		}
		e.refusals(one, line)
		for _, of := range []struct {
			heading string
			list    []string
		}{{"It cannot be told of", one.Unknown}, {"The rule and the policy differ here, as they may on a server of another version:", one.Differs}} {
			if len(of.list) > 0 {
				line(1, "%s", of.heading)
			}
			for _, sentence := range of.list[:min(len(of.list), mostRefusals)] {
				line(2, "%s", sentence)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// refusals tells of what would be refused, by namespace.
func (e *enforcement) refusals(one *enforced, line func(int, string, ...any)) {
	exempt := ""
	if one.Exempt > 0 {
		exempt = fmt.Sprintf(", %d are exempt or being deleted", one.Exempt)
	}
	if len(one.Refused) == 0 {
		line(1, "Of %s that run here none would be %s%s.", plural(one.Judged, "object", "objects"), e.verb(), exempt)
		return
	}
	line(1, "When they are next created or changed, %s would be %s; %s judged%s.",
		plural(len(one.Refused), "object", "objects"), e.verb(), plural(one.Judged, "object was", "objects were"), exempt)
	namespace, told := "", 0
	for i := range one.Refused {
		r := &one.Refused[i]
		if i == 0 || r.Namespace != namespace {
			if told > mostRefusals {
				line(3, "and %d more", told-mostRefusals)
			}
			namespace, told = r.Namespace, 0
			heading := "namespace " + namespace
			if namespace == "" {
				heading = "in no namespace"
			}
			line(2, "%s", heading)
		}
		if told++; told <= mostRefusals {
			line(3, "%s: %s", refusedName(r), r.Message)
		}
	}
	if told > mostRefusals {
		line(3, "and %d more", told-mostRefusals)
	}
}

// refusedName names what would be refused: the object, its pods or both.
func refusedName(r *enforce.Refusal) string {
	name := r.Subject.Kind + " " + r.Subject.Name
	pods := fmt.Sprintf("%d of its %d pods", r.Pods, r.PodsOf)
	switch {
	case r.Pods == 0:
		return name
	case r.Own:
		return name + " and " + pods
	}
	return name + ", " + pods
}

// enforcementJSON is the answer of enforce -o json.
type enforcementJSON struct {
	Schema   string         `json:"schema"`
	Cluster  string         `json:"cluster"`
	Action   string         `json:"action"`
	Policies []enforcedJSON `json:"policies"`
}

type enforcedJSON struct {
	Rule        string         `json:"rule"`
	Policy      map[string]any `json:"policy"`
	Binding     map[string]any `json:"binding"`
	PodSecurity string         `json:"podSecurity,omitempty"`
	Judged      int            `json:"judged"`
	Exempt      int            `json:"exempt"`
	Refused     []refusedJSON  `json:"refused"`
	Unknown     []string       `json:"unknown"`
	Blind       []string       `json:"blind"`
	Differs     []string       `json:"differs"`
	Notes       []string       `json:"notes"`
}

type refusedJSON struct {
	Namespace string `json:"namespace"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Own       bool   `json:"own"`
	Pods      int    `json:"pods"`
	PodsOf    int    `json:"podsOf"`
	Message   string `json:"message"`
}

func writeEnforcementJSON(s *streams, e *enforcement) error {
	answer := enforcementJSON{
		Schema: "seaworthy/enforcement/v1", Cluster: e.view.Info.Name, Action: e.action, Policies: []enforcedJSON{},
	}
	for i := range e.policies {
		one := &e.policies[i]
		documents, err := one.documents()
		if err != nil {
			return err
		}
		told := enforcedJSON{
			Rule: one.Rule.ID, Policy: documents[0], Binding: documents[1], PodSecurity: one.PodSecurity,
			Judged: one.Judged, Exempt: one.Exempt, Refused: []refusedJSON{},
			Unknown: append([]string{}, one.Unknown...), Blind: append([]string{}, one.Blind...),
			Differs: append([]string{}, one.Differs...), Notes: append([]string{}, one.Notes...),
		}
		for _, r := range one.Refused {
			told.Refused = append(told.Refused, refusedJSON{
				r.Namespace, r.Subject.Kind, r.Subject.Name, r.Own, r.Pods, r.PodsOf, r.Message,
			})
		}
		answer.Policies = append(answer.Policies, told)
	}
	return s.show(func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answer)
	})
}
