package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Difference is one value that is another one. Its texts are for people: short, and
// without anything secret.
type Difference struct {
	// Path is where it is, with the names of elements instead of their places:
	// "containers[web].resources.limits.memory" in a pod spec.
	Path      string
	Container string // the container that it is about, "" if none
	// Before and After are the values, "" where there was none or is none. A value
	// that is not shown is [Masked]; of environment variables it says where the
	// value comes from.
	Before, After string
	Field         Field
}

// Masked stands for a value that is not shown.
const Masked = "•••"

// Field is what a difference is about, in the order in which people look for it.
type Field int

// The fields of a pod template, and Other for all else.
const (
	Image Field = iota
	Command
	Environment
	Resources
	Probe
	Volume // volumes, their mounts, pull secrets
	SecurityContext
	ServiceAccount
	Scheduling // selectors, tolerations, affinity, priority
	Label
	Annotation
	Other
)

// String returns the field in lower case.
func (f Field) String() string {
	return name(int(f), "image", "command", "environment", "resources", "probe", "volume", "security context",
		"service account", "scheduling", "label", "annotation", "other")
}

// String says the difference in a few words: "memory limit 512Mi → 256Mi (web)".
func (d Difference) String() string {
	text := d.what() + d.values()
	if d.Container != "" && !strings.HasPrefix(d.tail(), "containers[") {
		text += " (" + d.Container + ")"
	}
	return text
}

// tail is the path without the container that it begins with, unless the container
// itself is what differs.
func (d Difference) tail() string {
	_, rest, found := strings.Cut(d.Path, "["+d.Container+"].")
	if d.Container == "" || !found {
		return d.Path
	}
	return rest
}

// what names what differs.
func (d Difference) what() string {
	path := d.tail()
	parts := strings.Split(path, ".")
	switch {
	case d.Field == Resources && len(parts) == 3 && parts[0] == "resources":
		return parts[2] + " " + strings.TrimSuffix(parts[1], "s")
	case d.Field == Probe:
		kind := strings.TrimSuffix(parts[0], "Probe")
		return strings.TrimSpace(kind + " probe " + strings.Join(parts[1:], "."))
	case d.Field == Label || d.Field == Annotation:
		_, key, _ := strings.Cut(strings.TrimPrefix(path, "metadata."), ".")
		return d.Field.String() + " " + key
	case strings.HasPrefix(path, "env["):
		return "env " + strings.TrimSuffix(strings.TrimPrefix(path, "env["), "]")
	case strings.HasPrefix(path, "envFrom["):
		return "env from " + strings.TrimSuffix(strings.TrimPrefix(path, "envFrom["), "]")
	}
	return strings.TrimPrefix(path, "spec.")
}

// values says what became of it.
func (d Difference) values() string {
	switch {
	case d.Before == d.After, strings.HasPrefix(d.tail(), "env[") && d.Before != "" && d.After != "":
		return " changed"
	case d.Before == "" && d.untold(d.After):
		return " added"
	case d.After == "" && d.untold(d.Before):
		return " removed"
	case d.Field == Resources:
		return " " + cmp.Or(d.Before, "none") + " → " + cmp.Or(d.After, "none")
	case d.Before == "":
		return " added: " + d.After
	case d.After == "":
		return " removed: " + d.Before
	case d.Field == Image:
		return " " + d.Before + " → " + tagAfter(d.Before, d.After)
	}
	return " " + d.Before + " → " + d.After
}

// untold reports whether a value that came or went says no more than its path does, or
// is none of a reader's business.
func (d Difference) untold(value string) bool {
	return value == Masked || d.Field == Environment || strings.HasSuffix(d.Path, "["+value+"]")
}

// tagAfter leaves the repository out of an image that has the one of the image before.
func tagAfter(before, after string) string {
	i := strings.LastIndexAny(before, ":@")
	if i < 0 || strings.Contains(before[i:], "/") || len(after) <= i+1 || after[:i+1] != before[:i+1] {
		return after
	}
	return after[i+1:]
}

func sortDifferences(all []Difference) {
	slices.SortStableFunc(all, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), strings.Compare(a.Container, b.Container), strings.Compare(a.Path, b.Path))
	})
}

// inTitle is how many differences are part of a title.
const inTitle = 2

// summary says the first differences, and how many more there are; "" for none.
func summary(all []Difference) string {
	var said []string
	for _, d := range all[:min(len(all), inTitle)] {
		said = append(said, clip(d.String(), 80))
	}
	text := strings.Join(said, ", ")
	if more := len(all) - inTitle; more > 0 {
		text += fmt.Sprintf(", +%d more", more)
	}
	return text
}

// clip shortens a text to so many runes, with an ellipsis at its end.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	runes := 0
	for i := range text {
		if runes == most-1 {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}
