package cause_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// hostile is what a context may be called, for all that anybody checks.
const hostile = "arn:aws:eks:eu/it's $(touch x) `y` \"z\"\n\x1b]0;\u202e;rm -rf ~"

func TestEveryDiagnosisIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t, "*") {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			t.Parallel()
			c := example(t, file)
			d := cause.Diagnose(c)
			if again := cause.Diagnose(example(t, file)); written(again) != written(d) {
				t.Errorf("the same case is diagnosed as\n%s\nand as\n%s", written(d), written(again))
			}
			c.Context = hostile
			for _, d := range []*cause.Diagnosis{d, cause.Diagnose(c)} {
				for i := range d.Causes {
					checkCause(t, &d.Causes[i])
				}
			}
			if n := len(d.Causes); n == 0 || n > 2 || n == 2 && d.Causes[0].Confidence-d.Causes[1].Confidence >= 15 {
				t.Errorf("%d causes\n%s", n, written(d))
			}
			if len(d.Changes) > 3 || len(d.Changes) == 0 && d.Unchanged == "" {
				t.Errorf("%d changes, unchanged %q", len(d.Changes), d.Unchanged)
			}
			for _, r := range d.Changes {
				if r.Reaction {
					t.Errorf("a reaction is shown as a cause: %s", r.Change.Title)
				}
			}
		})
	}
}

func bandOf(points int) cause.Band {
	switch {
	case points >= 80:
		return cause.Certain
	case points >= 60:
		return cause.Likely
	case points >= 40:
		return cause.Possible
	}
	return cause.NotDetermined
}

func checkCause(t *testing.T, c *cause.Cause) {
	t.Helper()
	if c.Confidence < 0 || c.Confidence > 95 || c.Pattern == "" || c.Title == "" || c.Fix == "" {
		t.Errorf("%s: %d points, title %q, fix %q", c.Pattern, c.Confidence, c.Title, c.Fix)
	}
	if c.Band != bandOf(c.Confidence) {
		t.Errorf("%s: %d points are called %s", c.Pattern, c.Confidence, c.Band)
	}
	if len(c.Against)+len(c.Unknown) == 0 {
		t.Errorf("%s: nothing speaks against it and all is known", c.Pattern)
	}
	for _, text := range slices.Concat(c.For, c.Against, c.Unknown, []string{c.Title, c.Fix}) {
		if text == "" || strings.Contains(text, "%!") || strings.Contains(strings.ToLower(text), "confirmed") {
			t.Errorf("%s: says %q", c.Pattern, text)
		}
	}
	checkCommands(t, c)
}

// checkCommands holds that those which read come first, and are two or three.
func checkCommands(t *testing.T, c *cause.Cause) {
	t.Helper()
	reads := 0
	for i, command := range c.Commands {
		checkCommand(t, c.Pattern, &command)
		if command.Writes {
			continue
		}
		if reads++; reads != i+1 {
			t.Errorf("%s: %s stands behind one that writes", c.Pattern, command.Text)
		}
	}
	if reads < 2 || reads > 3 {
		t.Errorf("%s: has %d commands that only read", c.Pattern, reads)
	}
}

func checkCommand(t *testing.T, pattern string, c *cause.Command) {
	t.Helper()
	if got := words(t, c.Text); !slices.Equal(got, c.Args) {
		t.Errorf("%s: %s\nis read as %q\nwant %q", pattern, c.Text, got, c.Args)
	}
	if strings.ContainsFunc(c.Text, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%s: %q is more than printable ASCII", pattern, c.Text)
	}
	if c.About == "" || len(c.Needs) == 0 || c.Args[0] != "kubectl" || !slices.ContainsFunc(c.Args, func(a string) bool { return strings.HasPrefix(a, "--context=") }) {
		t.Errorf("%s: %s is about %q and needs %v", pattern, c.Text, c.About, c.Needs)
	}
	verb := verbOf(c.Args)
	if writes := slices.Contains([]string{"cordon", "delete", "taint", "rollout undo"}, verb); writes != c.Writes ||
		!writes && !slices.Contains([]string{"get", "describe", "logs", "top", "rollout history"}, verb) {
		t.Errorf("%s: %s is tagged as writing: %v", pattern, c.Text, c.Writes)
	}
	if verb == "logs" && !c.Sensitive {
		t.Errorf("%s: %s is not tagged as sensitive", pattern, c.Text)
	}
	if strings.Contains(c.Text, "get secret") && slices.Contains(c.Args, "-o") {
		t.Errorf("%s: %s shows the value of a Secret", pattern, c.Text)
	}
	checkNeeds(t, pattern, c)
}

// verbOf returns what a command of kubectl does: "get", "rollout undo".
func verbOf(args []string) string {
	args = slices.DeleteFunc(slices.Clone(args[1:]), func(a string) bool { return strings.HasPrefix(a, "--context=") })
	if args[0] == "-n" {
		args = args[2:]
	}
	if args[0] == "rollout" {
		return strings.Join(args[:2], " ")
	}
	return args[0]
}

func checkNeeds(t *testing.T, pattern string, c *cause.Command) {
	t.Helper()
	for _, need := range c.Needs {
		namespaced := need.Namespace != ""
		if namespaced && !slices.Contains(c.Args, "-n") {
			t.Errorf("%s: %s needs %v and names no namespace", pattern, c.Text, need)
		}
		if (need.Verb == "") || (need.Resource == "") == (need.Path == "") {
			t.Errorf("%s: %s needs %+v", pattern, c.Text, need)
		}
	}
}

// piece is what a command line may be made of: quotes, dollar quotes, an escaped
// character, plain characters and blanks. Anything else may mean something to a shell.
var piece = regexp.MustCompile(`'[^']*'|\$'(?:\\[0-7]{3}|\\['\\]|[^'\\])*'|\\'|[A-Za-z0-9@%+=:,./_-]+| `)

// octal is an escaped byte in dollar quotes.
var octal = regexp.MustCompile(`\\([0-7]{3}|.)`)

// words splits a command line as a shell does.
func words(t testing.TB, text string) []string {
	t.Helper()
	all, rest := []string{""}, text
	for rest != "" {
		at := piece.FindStringIndex(rest)
		if at == nil || at[0] != 0 {
			t.Fatalf("%s: %q may mean something to a shell", text, rest)
		}
		part := rest[:at[1]]
		rest = rest[at[1]:]
		last := &all[len(all)-1]
		switch {
		case part == " ":
			all = append(all, "")
		case part[0] == '\'':
			*last += part[1 : len(part)-1]
		case part[0] == '$':
			*last += octal.ReplaceAllStringFunc(part[2:len(part)-1], func(escaped string) string {
				if b, err := strconv.ParseUint(escaped[1:], 8, 8); err == nil && len(escaped) == 4 {
					return string([]byte{byte(b)})
				}
				return escaped[1:]
			})
		default:
			*last += strings.TrimPrefix(part, `\`)
		}
	}
	return all
}

// without returns a view in which a resource may not be read.
func without(t *testing.T, c *kube.Cluster, blind kube.Resource) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(c.Info)
	for _, r := range kube.Resources() {
		if r == blind {
			continue
		}
		for _, o := range c.Objects(r) {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.SetState(kube.State{Resource: blind, Phase: kube.Forbidden, Verb: "list", Reason: "may not list " + blind.String()})
	return b.Build(c.Time)
}

func TestWhatIsNotReadCapsTheConfidence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file  string
		blind kube.Resource
	}{
		{"testdata/memory-limit/lowered.yaml", kube.Events},
		{"testdata/missing-config/config-map.yaml", kube.ConfigMaps},
		{"testdata/node-down/silent.yaml", kube.Nodes},
		{"testdata/quota/cpu.yaml", kube.ResourceQuotas},
		{"testdata/never-fits/request.yaml", kube.Nodes},
	} {
		c := example(t, test.file)
		before := cause.Diagnose(c).Causes[0]
		c.Cluster = without(t, c.Cluster, test.blind)
		after := cause.Diagnose(c)
		if got := after.Causes[0].Confidence; before.Confidence < 80 || got > 79 {
			t.Errorf("%s without %s: %d points, %d with it", test.file, test.blind, got, before.Confidence)
		}
		if got := strings.Join(after.Causes[0].Unknown, "\n"); !strings.Contains(got, "not read: "+test.blind.String()) {
			t.Errorf("%s without %s: unknown is\n%s", test.file, test.blind, got)
		}
	}
}

func TestUnchangedNamesWhatIsNotRead(t *testing.T) {
	t.Parallel()
	c := example(t, "testdata/memory-limit/leak.yaml")
	c.Cluster = without(t, c.Cluster, kube.ConfigMaps)
	if got, want := cause.Diagnose(c).Unchanged, "no recorded change in the 2 h before it began that may explain it; not read: configmaps"; got != want {
		t.Errorf("unchanged: %q, want %q", got, want)
	}
}

// TestWhyAnAutoscalerIsAtItsEnd adds a change that only a watch tells.
func TestWhyAnAutoscalerIsAtItsEnd(t *testing.T) {
	t.Parallel()
	c := example(t, "testdata/autoscaler-maximum/demand.yaml")
	if got, want := cause.Diagnose(c).Causes[0].Title, "hpa/search needs 8 replicas and may have 4: rather more is asked of deploy/search"; got != want {
		t.Errorf("without a change: %q, want %q", got, want)
	}
	c.Changes = append(c.Changes, change.Change{
		Time: c.Since.Add(-time.Minute), Kind: change.Autoscale, Object: kube.HorizontalPodAutoscalers.Ref("shop", "search"),
		Owner: kube.Deployments.Ref("shop", "search"), Title: "changed: maxReplicas 10 → 4", Compared: true,
		Differences: []change.Difference{{Path: "maxReplicas", Before: "10", After: "4", Field: change.Other}},
	})
	if got, want := cause.Diagnose(c).Causes[0].Title, "hpa/search needs 8 replicas and may have 4: its maximum was lowered"; got != want {
		t.Errorf("after the change: %q, want %q", got, want)
	}
}

func TestNothingToExplain(t *testing.T) {
	t.Parallel()
	d := cause.Diagnose(&cause.Case{Cluster: triagetest.View(t, "testdata/memory-limit/leak.yaml", 0)})
	if len(d.Causes) != 1 || d.Causes[0].Band != cause.NotDetermined || len(d.Causes[0].Unknown) == 0 {
		t.Errorf("of no signal is said\n%s", written(d))
	}
}

// A node that is down explains that a volume cannot be attached elsewhere; the volume
// does not explain the node.
func TestSymptomsDoNotExplainTheRoot(t *testing.T) {
	t.Parallel()
	c := example(t, "testdata/volume-held/dead-node.yaml")
	rooted := slices.IndexFunc(c.Others, func(w triage.Watched) bool { return w.Detector.ID == "node-silent" })
	if rooted < 0 {
		t.Fatal("no node is silent")
	}
	c.Signals = slices.Concat(c.Others[rooted:rooted+1], c.Signals)
	d := cause.Diagnose(c)
	if got := d.Causes[0].Pattern; got != "node-down" {
		t.Errorf("the cause is %s, want node-down\n%s", got, written(d))
	}
	for i := range d.Causes[1:] {
		if !slices.Contains(d.Causes[i+1].Against, "does not explain the root: node n3: the kubelet reports nothing") {
			t.Errorf("%s is shown beside it", d.Causes[i+1].Pattern)
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, d := range detectors() {
		known[d.ID] = true
	}
	seen := map[string]bool{}
	for _, p := range cause.Patterns() {
		if seen[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		seen[p.ID] = true
		if p.Title == "" || p.Speaks == "" || p.Contradicts == "" || p.Unchecked == "" || p.Family == "" || len(p.Signals) == 0 {
			t.Errorf("%s does not say what it is about", p.ID)
		}
		for _, id := range p.Signals {
			if !known[id] {
				t.Errorf("%s: no detector is called %s", p.ID, id)
			}
		}
	}
	if len(seen) != 39 {
		t.Errorf("%d patterns, want the 39 of the field", len(seen))
	}
}
