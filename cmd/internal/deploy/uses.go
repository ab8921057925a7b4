package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// use is what the objects of a resource are read for.
type use struct {
	needed     []string // the rules that judge them, or judge nothing without them
	helped     []string // those that know less without them
	categories []string // of both
	signals    []string // of triage
}

// useOf returns what a resource is read for, by what rules and detectors declare.
func useOf(r kube.Resource) use {
	var u use
	for _, category := range rules.All() {
		for _, rule := range category.Rules {
			switch {
			case slices.Contains(rule.Subjects, r), slices.Contains(rule.Reads, r):
				u.needed = append(u.needed, rule.ID)
			case slices.Contains(rule.Consults, r):
				u.helped = append(u.helped, rule.ID)
			default:
				continue
			}
			if !slices.Contains(u.categories, category.ID) {
				u.categories = append(u.categories, category.ID)
			}
		}
	}
	for _, d := range signals.All() {
		if slices.Contains(d.Reads, r) || slices.Contains(d.Helps, r) {
			u.signals = append(u.signals, d.ID)
		}
	}
	return u
}

// few is how many names are told one by one.
const few = 4

// String tells the use in a line: by names where there are few.
func (u use) String() string {
	all := slices.Concat(u.needed, u.helped)
	var parts []string
	switch {
	case len(all) > few && len(u.categories) <= few:
		parts = append(parts, fmt.Sprintf("%d rules of %s", len(all), strings.Join(u.categories, ", ")))
	case len(all) > few:
		parts = append(parts, fmt.Sprintf("%d rules of %d categories", len(all), len(u.categories)))
	case len(all) > 0:
		parts = append(parts, strings.Join(all, ", "))
	}
	if len(u.signals) > 0 {
		parts = append(parts, "triage: "+listed(u.signals, "signals"))
	}
	return strings.Join(parts, "; ")
}

// listed names things, or counts them where there are many.
func listed(names []string, what string) string {
	if len(names) > few {
		return fmt.Sprintf("%d %s", len(names), what)
	}
	return strings.Join(names, ", ")
}

// blindness says in lines what is not known without a resource.
func blindness(r kube.Resource) []string {
	u := useOf(r)
	var parts []string
	if len(u.needed) > 0 {
		parts = append(parts, "unknown of them: "+listed(u.needed, "rules"))
	}
	if len(u.helped) > 0 {
		parts = append(parts, "judged by less: "+listed(u.helped, "rules"))
	}
	if len(u.signals) > 0 {
		parts = append(parts, "triage cannot see: "+listed(u.signals, "signals"))
	}
	return parts
}
