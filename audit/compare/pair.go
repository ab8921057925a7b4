package compare

import (
	"strings"
	"unicode"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// both is a finding that is on both sides.
type both struct{ before, after *score.Finding }

// pairing is which findings of a namespace are on both sides, and which are not.
type pairing struct {
	pairs         []both
	before, after []*score.Finding // left over, in their order
}

// statement is what a finding says, and about what. Some of it may be left out.
type statement struct {
	rule                     string
	subject                  kube.Ref
	container, path, message string
}

// pair pairs the findings of one namespace.
func pair(before, after []*score.Finding) pairing {
	p := pairing{before: before, after: after}
	p.join(func(f *score.Finding) statement {
		return statement{f.Rule.ID, f.Subject, f.Container, f.Path, f.Message}
	})
	p.join(func(f *score.Finding) statement {
		return statement{f.Rule.ID, f.Subject, f.Container, f.Path, ""}
	})
	p.join(func(f *score.Finding) statement {
		return statement{f.Rule.ID, f.Subject, f.Container, "", shape(f)}
	})
	return p
}

// join pairs what is left and has the same key: the first with the first, the second
// with the second.
func (p *pairing) join(key func(*score.Finding) statement) {
	if len(p.before) == 0 || len(p.after) == 0 {
		return
	}
	waiting := make(map[statement][]*score.Finding, len(p.before))
	for _, f := range p.before {
		k := key(f)
		waiting[k] = append(waiting[k], f)
	}
	paired := make(map[*score.Finding]bool, len(p.before))
	var left []*score.Finding
	for _, f := range p.after {
		k := key(f)
		same := waiting[k]
		if len(same) == 0 {
			left = append(left, f)
			continue
		}
		waiting[k] = same[1:]
		paired[same[0]] = true
		p.pairs = append(p.pairs, both{same[0], f})
	}
	var rest []*score.Finding
	for _, f := range p.before {
		if !paired[f] {
			rest = append(rest, f)
		}
	}
	p.before, p.after = rest, left
}

// shape is a message without what differs from object to object and from day to day:
// numbers, and the names of the object itself.
func shape(f *score.Finding) string {
	text := f.Message
	if f.Container != "" { // which often is called as its object is
		text = strings.ReplaceAll(text, f.Container, "□")
	}
	text = strings.ReplaceAll(text, f.Subject.Name, "·")
	if f.Subject.Namespace != "" {
		text = strings.ReplaceAll(text, f.Subject.Namespace, "·")
	}
	var b strings.Builder
	b.Grow(len(text))
	number := false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if !number {
				b.WriteByte('#')
			}
			number = true
			continue
		case number && r == '.':
			continue
		}
		number = false
		b.WriteRune(r)
	}
	return b.String()
}
