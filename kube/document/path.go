package document

import (
	"fmt"
	"strconv"
	"strings"
)

// Path is a parsed field path; empty means the object as a whole.
type Path []Step

// Step is one step of a [Path]: into a map by Key or into a list by Index.
type Step struct {
	Key   string
	Index int // from 0; -1 for a step by key
}

// Key returns the step to a key of a map.
func Key(key string) Step { return Step{Key: key, Index: -1} }

// Index returns the step to an element of a list, from 0.
func Index(index int) Step { return Step{Index: index} }

// IsIndex reports whether the step leads into a list.
func (s Step) IsIndex() bool { return s.Index >= 0 }

// ParsePath reads a field path such as
// spec.template.spec.containers[0].image. A key that has dots, brackets or
// quotes stands in brackets and quotes, as a Go string:
// metadata.labels["app.kubernetes.io/name"]. The path "" has no steps.
func ParsePath(path string) (Path, error) {
	var steps Path
	rest := path
	for rest != "" {
		step, after, err := parseStep(rest, len(steps) == 0)
		if err != nil {
			return nil, fmt.Errorf("parsing field path %q: %w", path, err)
		}
		steps, rest = append(steps, step), after
	}
	return steps, nil
}

func parseStep(path string, first bool) (Step, string, error) {
	if path[0] == '[' {
		return parseBracket(path)
	}
	if path[0] == '.' {
		if first {
			return Step{}, "", fmt.Errorf("it begins with a dot")
		}
		path = path[1:]
	} else if !first {
		return Step{}, "", fmt.Errorf("expected . or [ before %q", path)
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	key := path[:end]
	if key == "" || strings.ContainsAny(key, `]"`) {
		return Step{}, "", fmt.Errorf("expected a key at %q", path)
	}
	return Key(key), path[end:], nil
}

func parseBracket(path string) (Step, string, error) {
	if strings.HasPrefix(path, `["`) {
		quoted, err := strconv.QuotedPrefix(path[1:])
		if err != nil {
			return Step{}, "", fmt.Errorf("the quotes at %q do not end", path)
		}
		rest, closed := strings.CutPrefix(path[1+len(quoted):], "]")
		key, err := strconv.Unquote(quoted)
		if err != nil || !closed {
			return Step{}, "", fmt.Errorf("expected a key in quotes at %q", path)
		}
		return Key(key), rest, nil
	}
	inside, rest, closed := strings.Cut(path[1:], "]")
	index, err := strconv.Atoi(inside)
	if !closed || err != nil || index < 0 || strconv.Itoa(index) != inside {
		return Step{}, "", fmt.Errorf("expected the index of an element at %q", path)
	}
	return Index(index), rest, nil
}

// String returns the path in the form that [ParsePath] reads.
func (p Path) String() string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.IsIndex():
			fmt.Fprintf(&b, "[%d]", s.Index)
		case s.Key == "" || strings.ContainsAny(s.Key, `.[]"`):
			fmt.Fprintf(&b, "[%q]", s.Key)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Key)
		}
	}
	return b.String()
}
