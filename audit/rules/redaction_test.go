package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/redaction"
)

// TestRulesSayTheSameOfWhatIsRedacted judges the examples of all rules as they are
// recorded, without their values.
func TestRulesSayTheSameOfWhatIsRedacted(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob("*/testdata/*/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("there are no examples: %v", err)
	}
	of := map[string][]audit.Category{}
	for _, c := range rules.All() {
		for _, r := range c.Rules {
			alone := c
			alone.Rules = []*audit.Rule{r}
			of[r.ID] = []audit.Category{alone}
		}
	}
	found, every := 0, len(examples)/kubetest.Rounds(len(examples))
	for i, file := range examples {
		if i%every != 0 {
			continue
		}
		judged := of[filepath.Base(filepath.Dir(file))]
		if judged == nil {
			t.Errorf("%s is an example of no rule", file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := kube.Load(t.Context(), manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: bytes.NewReader(text)}), nil)
		if err != nil {
			t.Fatalf("reading %s: %v", file, err)
		}
		with, without := said(c, judged), said(redacted(t, c), judged)
		found += len(with)
		if diff := cmp.Diff(with, without); diff != "" {
			t.Errorf("%s (-with values +redacted):\n%s", file, diff)
		}
	}
	if found < len(examples)/every/4 {
		t.Errorf("only %d findings in every %d. of %d examples were compared", found, every, len(examples))
	}
}

// redacted returns a view with its objects as they would be recorded.
func redacted(t *testing.T, c *kube.Cluster) *kube.Cluster {
	t.Helper()
	b, r := kube.NewBuilder(c.Info), redaction.New()
	nothing := kube.NewBuilder(c.Info).Build(c.Time)
	for change := range kube.Changes(nothing, c) {
		r.Know(change.Name)
		r.Know(change.Namespace)
	}
	for change := range kube.Changes(nothing, c) {
		o := change.After
		if change.Resource != kube.PodMetrics && change.Resource != kube.NodeMetrics && change.Resource != kube.Measurements {
			encoded, err := json.Marshal(kube.APIOf(o))
			if err != nil {
				t.Fatal(err)
			}
			if encoded, err = r.Object(encoded); err != nil {
				t.Fatal(err)
			}
			o = kube.NewObject(change.Resource)
			if err := json.Unmarshal(encoded, o); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Set(change.Resource, o); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range c.States() {
		b.SetState(s)
	}
	return b.Build(c.Time)
}

// said returns what rules find.
func said(c *kube.Cluster, judged []audit.Category) []string {
	var all []string
	for _, f := range score.Assess(c, judged).Findings() {
		all = append(all, fmt.Sprintf("%s %s %s: %s; %s", f.Rule.ID, f.Subject, f.Path, f.Message, f.Detail))
	}
	return all
}
