package object

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// FuzzPage: whatever the text, every line is in sight or folded away behind one that is,
// sections nest, and no mark that is not on a folded line is folded away at first.
func FuzzPage(f *testing.F) {
	f.Add("a: 1\nb:\n  c: 1\n  d: |\n    x: y\n  e: [1,\n   2]\n# end\nf:\n- g: 1\n  h: 2\n- i\n", 3)
	f.Add("a: &a\n  b: &b\n    c: 1\nd: *a\n<<: *b\n---\nx: 1\n", 2)
	f.Add("{\"a\": [1,\n2], \"b\":\n{\n\"c\": 1\n}\n}", 1)
	f.Add("? a\n: b\n\r\n\u2028", 0)
	f.Fuzz(func(t *testing.T, text string, at int) {
		p := newPage(kube.Text{YAML: []byte(text), Line: 1})
		for _, s := range p.sections {
			if s.from < 0 || s.to >= len(p.lines) || s.from >= s.to {
				t.Fatalf("a section of %q is %+v", text, s)
			}
		}
		if line := p.lineOf("a.b"); line != 0 && line >= len(p.lines) {
			t.Errorf("a field of %q is on line %d", text, line)
		}
		var marks []mark
		if at >= 0 && at < len(p.lines) {
			marks = []mark{{line: at}}
		}
		away := p.folds(marks)
		next, seen := 0, false
		for _, r := range p.rows(away) {
			if r.line != next || r.hidden < 0 {
				t.Fatalf("the rows of %q are %v", text, p.rows(away))
			}
			seen = seen || r.line == at
			next = r.line + 1 + r.hidden
		}
		if next != len(p.lines) {
			t.Errorf("the rows of %q end at %d", text, next)
		}
	})
}

func TestFolds(t *testing.T) {
	t.Parallel()
	const text = `metadata:
  managedFields:
  - manager: a
  name: web
spec:
  containers:
  - args:
    - a
    - b
    - c
    image: web
  - name: other
    ports: [1]
    # for the probe
    probe: {}
# of the status
status:
  a: 1
  b: 1
  c: 1
`
	p := newPage(kube.Text{YAML: []byte(text), Line: 1})
	for name, test := range map[string]struct {
		marks []mark
		want  folded
	}{
		"nothing is marked":        {nil, folded{1: 2}},
		"a container":              {[]mark{{line: 6}}, folded{0: 3, 1: 2, 6: 9, 11: 14, 16: 19}},
		"a field":                  {[]mark{{line: 12}}, folded{0: 3, 1: 2, 6: 10, 16: 19}},
		"what begins a section":    {[]mark{{line: 16}}, folded{0: 3, 1: 2, 4: 14}},
		"two, in different places": {[]mark{{line: 3}, {line: 10}}, folded{1: 2, 6: 9, 11: 14, 16: 19}},
	} {
		got := p.folds(test.marks)
		for from := range got { // what is folded away with what is around it does not count
			for outer, to := range got {
				if outer < from && from <= to && test.want[from] == 0 {
					delete(got, from)
				}
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if s, ok := p.sectionAt(17); !ok || s.from != 16 {
		t.Errorf("a line of the status is in %+v", s)
	}
	if lines := p.lineOf("spec.containers[1].probe.path"); lines != 14 {
		t.Errorf("the probe is on line %d", lines)
	}
}
