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
}

// filterRow is namespace, object, severity and score; a score under 0 is none.
type filterRow struct {
	ns, object, severity string
	score                float64
}

func (r filterRow) Text(field int) string {
	return [...]string{r.ns, r.object, r.severity, fmt.Sprint(r.score)}[field]
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
	} {
		filter, err := widget.ParseFilter(text, filterFields)
		if err == nil || !strings.Contains(err.Error(), want) || filter != nil {
			t.Errorf("ParseFilter(%q) = %v with error %v, want %q", text, filter, err, want)
		}
	}
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
