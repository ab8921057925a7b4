package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestOnlyWhatIsPermittedIsProposed tells of one incident as those may see it of whom a
// real server says that they may do everything, only read, or nothing.
func TestOnlyWhatIsPermittedIsProposed(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard}, now: time.Now,
		env: func(string) string { return "" },
	}
	o := &triageOptions{output: "text"}
	o.target.files = []string{filepath.Join("..", "..", "audit", "triage", "cause", "testdata", "memory-limit", "lowered.yaml")}
	report, nobody, err := o.look(t.Context(), s, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if nobody != nil {
		t.Errorf("of manifests %T is asked about rights", nobody)
	}
	for user, test := range map[string]struct{ want, not []string }{
		"admin":  {[]string{"rollout history", "top pod", "rollout undo"}, []string{"left out", "may be denied"}},
		"reader": {[]string{"rollout history", "1 command is left out: this user may not patch deployments.apps web in shop\n"}, []string{"rollout undo", "may be denied"}},
		"viewer": {[]string{"4 commands are left out: this user may not get deployments.apps web in shop, ", " more\n"}, []string{"next ", "kubectl"}},
	} {
		source, err := options(t, []string{"--kubeconfig", testbed.Kubeconfig, "--context", user}).target.connect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(source.Close)
		var out bytes.Buffer
		if err := o.write(t.Context(), &out, report, rightsOf(source), nil); err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s is not told %q:\n%s", user, want, out.String())
			}
		}
		for _, not := range test.not {
			if strings.Contains(out.String(), not) {
				t.Errorf("%s is told %q:\n%s", user, not, out.String())
			}
		}
	}
}
