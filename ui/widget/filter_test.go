package widget_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

var filterFields = []widget.Field{
	{Name: "ns"},
	{Name: "object"},
	{Name: "sev", Scale: []string{"info", "low", "medium", "high", "critical"}},
	{Name: "score", Number: true},
	{Name: "labels", Labels: true},
}

// filterRow is namespace, object, severity and score; a score under 0 is none.
type filterRow struct {
	ns, object, severity string
	score                float64
}

func (r filterRow) Text(field int) string {
	return [...]string{r.ns, r.object, r.severity, fmt.Sprint(r.score), ""}[field]
}

// Labels are the namespace and what its severity begins with.
func (r filterRow) Labels() map[string]string {
	return map[string]string{"ns": r.ns, "tier": r.severity[:1]}
}

func (r filterRow) Value(field int) float64 {
	switch {
	case field == 2:
		return float64(slices.Index(filterFields[2].Scale, r.severity))
	case field == 3 && r.score >= 0:
		return r.score
	}
	return math.NaN()
}

var filterRows = []filterRow{
	{"payments", "deploy/Checkout API", "critical", 31},
	{"payments-dev", "deploy/worker", "high", 58.5},
	{"search", "sts/index:1", "medium", 71},
	{"kube-system", "ds/proxy", "low", 90},
	{"default", "pod/a|b", "info", -1},
}

func TestFilter(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // The first letters of the namespaces that match.
		"":                           "p P s k d",
		"   ":                        "p P s k d",
		"payments":                   "p P",
		"PAYMENTS":                   "p P",
		"payments worker":            "P",
		"payments nothing":           "",
		"worker|proxy":               "P k",
		"deploy|ds payments":         "p P",
		"!payments":                  "s k d",
		"!payments !proxy":           "s d",
		"!worker|proxy":              "p s d",
		`"Checkout API"`:             "p",
		`"checkout api"`:             "",
		`!"Checkout API"`:            "P s k d",
		`"a|b"`:                      "d",
		`"index:1"`:                  "s",
		"ns:pay":                     "p P",
		"NS:PAY":                     "p P",
		"ns=payments":                "p",
		"ns!=payments":               "P s k d",
		`object:"Checkout API"`:      "p",
		`object="deploy/worker"`:     "P",
		"object:payments":            "",
		"ns:search|default":          "s d",
		"ns:search|object:proxy":     "s k",
		"!ns:pay":                    "s k d",
		"sev:high":                   "P",
		"sev:h":                      "P",
		"sev=CRITICAL":               "p",
		"sev!=info":                  "p P s k",
		"sev>=high":                  "p P",
		"sev>high":                   "p",
		"sev<=low":                   "k d",
		"sev<low":                    "d",
		"!sev<=low":                  "p P s",
		"sev:high|critical ns=pay|x": "",
		"score<60":                   "p P",
		"score<=58.5":                "p P",
		"score>58.5":                 "s k",
		"score>=90":                  "k",
		"score=71":                   "s",
		"score!=71":                  "p P k",
		"score:8.5":                  "P",
		"score>-5":                   "p P s k",
		"score<60 sev>high":          "p",
		":":                          "s",
		"=":                          "",
		"1":                          "p s d",
		"~pymnts":                    "p P",
		"~PYMNTS":                    "p P",
		"~wrkr":                      "P",
		"!~pymnts":                   "s k d",
		"~wrkr|prx":                  "P",
		"~wrkr|~prx":                 "P k",
		"ns:~sd":                     "P",
		"object:~dploy worker":       "P",
		`"~x"`:                       "",
		"-l ns=search":               "s",
		"-l ns=search,tier=h":        "",
		"-l ns!=payments,tier!=i":    "P s k",
		"!-l tier=h":                 "p s k d",
		`-l "tier in (h, m)" sts`:    "s",
		"pay -l tier":                "p P",
		`"-l"`:                       "",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			filter, err := widget.ParseFilter(text, filterFields)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range filterRows {
				if filter.Match(row) {
					letter := row.ns[:1]
					if row.ns == "payments-dev" {
						letter = "P"
					}
					got = append(got, letter)
				}
			}
			if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
				t.Errorf("filter %q (-want +got):\n%s", text, diff)
			}
		})
	}
}

func TestFilterErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"nss:pay":         `unknown column "nss" (there are: ns, object, sev, score; put other text in quotation marks)`,
		"nginx:1.2":       `unknown column "nginx"`,
		"ns:a|nss:b":      `unknown column "nss"`,
		"!foo>=1":         `unknown column "foo"`,
		"ns>=a":           "ns has no order",
		"sev>=bad":        "sev is one of info, low, medium, high, critical",
		"sev:x":           "sev is one of",
		"sev:high|broken": "sev is one of",
		"score<many":      `score compares with a number, not with "many"`,
		"score<NaN":       "score compares with a number",
		"sev>=":           "not complete",
		"ns:":             "not complete",
		"a|":              "not complete",
		"!":               "not complete",
		`""`:              "not complete",
		`"open`:           "quotation mark is missing",
		"~":               "not complete",
		"-l":              "not complete",
		"-l a=b=c":        "reading the selector",
		"labels:x":        `unknown column "labels" (there are: ns, object, sev, score;`,
	} {
		filter, err := widget.ParseFilter(text, filterFields)
		if err == nil || !strings.Contains(err.Error(), want) || filter != nil {
			t.Errorf("ParseFilter(%q) = %v with error %v, want %q", text, filter, err, want)
		}
	}
}

func TestRowsWithoutLabels(t *testing.T) {
	t.Parallel()
	_, err := widget.ParseFilter("-l app=x", filterFields[:4])
	if want := "the rows have no labels to select by"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a selector where nothing has labels: %v, want %q", err, want)
	}
}

// FuzzNarrows looks for a filter that is said to narrow another one, and lets through
// what that does not; and for what the grammar says of words that follow each other.
func FuzzNarrows(f *testing.F) {
	for _, seed := range [][2]string{{"pay", "ment"}, {"~py", "m"}, {"ns:p|x", "a"}, {"-l ns=p", "ayments"}, {"!a", "b"}, {"score<6", "0"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, before, typed string) {
		earlier, err := widget.ParseFilter(before, filterFields)
		if err != nil {
			return
		}
		for _, text := range []string{before + typed, before + " " + typed, typed} {
			later, err := widget.ParseFilter(text, filterFields)
			if err != nil || !later.Narrows(earlier) {
				continue
			}
			for _, row := range filterRows {
				if later.Match(row) && !earlier.Match(row) {
					t.Errorf("%q is said to narrow %q, and lets %+v through", text, before, row)
				}
			}
		}
	})
}

// FuzzFilter looks for texts that the parser cannot stand, and for a term and
// its inverse that both match or both do not. Control characters, which the
// parser leaves out, are not typed.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{`ns:a|b !sev>=high "x y"`, "score<60", `object:"a`, "!!a", "a\x02b\x03", "a|\f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.TrimSpace(text)
		filter, err := widget.ParseFilter(text, filterFields)
		if err != nil || filter == nil || len(strings.Fields(text)) != 1 || strings.HasPrefix(text, "!") || strings.ContainsFunc(text, unicode.IsControl) {
			return
		}
		inverse, err := widget.ParseFilter("!"+text, filterFields)
		if err != nil {
			t.Fatalf("filter %q has no inverse: %v", text, err)
		}
		for _, row := range filterRows {
			if filter.Match(row) == inverse.Match(row) {
				t.Errorf("filter %q and its inverse agree on %+v", text, row)
			}
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	filter, err := widget.ParseFilter("ns:pay sev>=high", filterFields)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, row := range filterRows {
			filter.Match(row)
		}
	}
}

func TestNarrows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		earlier, later string
		want           bool
	}{
		{"", "", true},
		{"", "pay", true},
		{"pay", "", false},
		{"pay", "pay", true},
		{"pay", "paym", true},
		{"pay", "xPAY", true},
		{"paym", "pay", false},
		{"pay", "pay worker", true},
		{"pay worker", "worker", false},
		{"pay", "pay|x", false},
		{"pay|x", "paym|xy", true},
		{"pay", "!pay", false},
		{"!pay", "!paym", false},
		{"!pay", "!pay x", true},
		{"pay", "ns:paym", true},
		{"ns:pay", "paym", false},
		{"ns:pay", "object:pay", false},
		{"ns=pay", "ns=paym", false},
		{"ns!=pay", "ns!=paym", false},
		{"score<6", "score<60", false},
		{"score<60", "score<60 a", true},
		{"sev:h", "sev:hi", true},
		{"sev:high", "sev:critical", false},
		{"api", `"API"`, true},
		{`"API"`, "api", false},
		{`"AP"`, `"API"`, true},
		{`"ap"`, `"API"`, false},
		{"~ap", "~aip", true},
		{"~aip", "~ap", false},
		{"~ap", "xaxpx", true},
		{"~ap", "ns:xaxpx", true},
		{"~ap", "ns=xaxpx", false},
		{"ap", "~ap", false},
		{"-l a=b", "-l a=b x", true},
		{"-l a=b", "-l a=bc", false},
	} {
		filters := make([]*widget.Filter, 2)
		for i, text := range []string{tt.earlier, tt.later} {
			var err error
			if filters[i], err = widget.ParseFilter(text, filterFields); err != nil {
				t.Fatal(err)
			}
		}
		if got := filters[1].Narrows(filters[0]); got != tt.want {
			t.Errorf("that %q narrows %q is %v, want %v", tt.later, tt.earlier, got, tt.want)
		}
		for _, row := range filterRows {
			if tt.want && filters[1].Match(row) && !filters[0].Match(row) {
				t.Errorf("%q lets %v through, %q does not", tt.later, row, tt.earlier)
			}
		}
	}
}

func TestFilterAsks(t *testing.T) {
	t.Parallel()
	fields := []widget.Field{{Name: "ns"}, {Name: "score", Number: true}}
	for text, want := range map[string]bool{"": false, "pay": false, "score<60": false, "ns:pay": true, "score<60 !ns=a|b": true} {
		filter, err := widget.ParseFilter(text, fields)
		if err != nil {
			t.Fatal(err)
		}
		if got := filter.Asks(0); got != want {
			t.Errorf("%q asks for ns: %v, want %v", text, got, want)
		}
	}
}
