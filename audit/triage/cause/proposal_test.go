package cause_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var (
	exec      = kube.Right{Verb: "create", Resource: "pods", Subresource: "exec", Namespace: "shop"}
	events    = kube.Right{Verb: "list", Resource: "events", Namespace: "shop"}
	patch     = kube.Right{Verb: "patch", Group: "apps", Resource: "deployments", Namespace: "shop", Name: "web"}
	listNodes = kube.Right{Verb: "list", Resource: "nodes"}
	ready     = kube.Right{Verb: "get", Path: "/readyz"}
)

// command is one that needs some rights.
func command(text string, needs ...kube.Right) cause.Command {
	return cause.Command{Text: text, Needs: needs}
}

func TestACommandIsPermittedIfAllOfItIs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		known cause.Answers
		want  kube.Permission
	}{
		"nobody to ask": {nil, kube.PermissionUnknown},
		"half asked":    {cause.Answers{exec: kube.Permitted}, kube.PermissionUnknown},
		"half known":    {cause.Answers{exec: kube.Permitted, events: kube.PermissionUnknown}, kube.PermissionUnknown},
		"half denied":   {cause.Answers{events: kube.Denied}, kube.Denied},
		"all":           {cause.Answers{exec: kube.Permitted, events: kube.Permitted}, kube.Permitted},
	}
	for name, test := range tests {
		c := command("both", exec, events)
		if got := test.known.Of(&c); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestWhatIsLeftOutIsSaidOnce(t *testing.T) {
	t.Parallel()
	all := func(rights ...kube.Right) cause.Answers {
		denied := cause.Answers{}
		for _, r := range rights {
			denied[r] = kube.Denied
		}
		return denied
	}
	shells := &cause.Cause{Commands: []cause.Command{command("a", exec), command("b", exec), command("c", events)}}
	much := &cause.Cause{Commands: []cause.Command{command("d", exec, events, patch), command("e", listNodes, ready)}}
	tests := map[string]struct {
		known  cause.Answers
		causes []*cause.Cause
		want   string
	}{
		"nothing":     {all(patch), []*cause.Cause{shells}, ""},
		"one":         {all(events), []*cause.Cause{shells}, "1 command is left out: this user may not list events in shop"},
		"one right":   {all(exec), []*cause.Cause{shells}, "2 commands are left out: this user may not create pods/exec in shop"},
		"two causes":  {all(exec), []*cause.Cause{shells, shells}, "2 commands are left out: this user may not create pods/exec in shop"},
		"a name":      {all(patch), []*cause.Cause{much}, "1 command is left out: this user may not patch deployments.apps web in shop"},
		"two rights":  {all(listNodes, ready), []*cause.Cause{much}, "1 command is left out: this user may not list nodes, get /readyz"},
		"more rights": {all(exec, events, patch, listNodes, ready), []*cause.Cause{much}, "2 commands are left out: this user may not create pods/exec in shop, list events in shop, patch deployments.apps web in shop and 2 more"},
	}
	for name, test := range tests {
		var proposals []cause.Proposal
		for _, c := range test.causes {
			proposals = append(proposals, c.Propose(test.known))
		}
		if got := cause.LeftOut(test.known, proposals...); got != test.want {
			t.Errorf("%s: got %q\nwant %q", name, got, test.want)
		}
	}
}

// answering permits all but some rights, and takes note of what it is asked.
type answering struct {
	denied func(kube.Right) bool
	asked  []kube.Right
}

func (a *answering) Permitted(_ context.Context, rights []kube.Right) map[kube.Right]kube.Permission {
	a.asked = append(a.asked, rights...)
	answers := map[kube.Right]kube.Permission{}
	for _, r := range rights {
		if answers[r] = kube.Permitted; a.denied(r) {
			answers[r] = kube.Denied
		}
	}
	return answers
}

// TestWhatIsDeniedIsReplaced holds for every example that what reads and is denied makes
// room for what is not, that no more is asked than is needed, and nothing twice.
func TestWhatIsDeniedIsReplaced(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t, "*") {
		d := cause.Diagnose(example(t, file))
		nobody := &answering{denied: func(kube.Right) bool { return false }}
		known := d.Ask(t.Context(), nobody, nil)
		checkAsked(t, file, nobody.asked)
		for k := range d.Causes {
			c := &d.Causes[k]
			if diff := cmp.Diff(c.Commands, c.Propose(known).Commands); diff != "" {
				t.Errorf("%s: for who may do everything (-want +got):\n%s", file, diff)
			}
			for _, right := range c.Commands[0].Needs {
				checkWithout(t, file, d, k, right)
			}
		}
	}
}

// checkWithout looks at a cause for who lacks a right that its first command needs.
func checkWithout(t *testing.T, file string, d *cause.Diagnosis, k int, right kube.Right) {
	t.Helper()
	one := &answering{denied: func(r kube.Right) bool { return r == right }}
	known := d.Ask(t.Context(), one, nil)
	checkAsked(t, file, one.asked)
	c := &d.Causes[k]
	p := c.Propose(known)
	if len(p.Denied) == 0 || p.Denied[0].Text != c.Commands[0].Text {
		t.Errorf("%s: without the right to %s nothing is left out", file, right)
	}
	reads := 0
	for _, command := range p.Commands {
		if known.Of(&command) != kube.Permitted {
			t.Errorf("%s: without the right to %s there is proposed: %s", file, right, command.Text)
		}
		if !command.Writes {
			reads++
		}
	}
	if reads == 0 {
		t.Errorf("%s: without the right to %s nothing is left to look at", file, right)
	}
}

func checkAsked(t *testing.T, file string, asked []kube.Right) {
	t.Helper()
	for i, right := range asked {
		if slices.Contains(asked[:i], right) {
			t.Errorf("%s: it is asked twice about %s", file, right)
		}
	}
	if len(asked) == 0 || len(asked) > 20 {
		t.Errorf("%s: it is asked about %d rights", file, len(asked))
	}
}

// TestWhatTheServerDoesNotSay is shown, with what it needs.
func TestWhatTheServerDoesNotSay(t *testing.T) {
	t.Parallel()
	c := command("kubectl", exec, events)
	c.Writes = true
	for want, known := range map[string]cause.Answers{
		" [writes]": nil,
		" [writes] [may be denied: needs list events in shop]":                           {exec: kube.Permitted, events: kube.PermissionUnknown},
		" [writes] [may be denied: needs create pods/exec in shop, list events in shop]": {exec: kube.PermissionUnknown, events: kube.PermissionUnknown},
	} {
		if got := known.Tags(&c, " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
