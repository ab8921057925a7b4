package kube_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestVerdictInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		verdict kube.Verdict
		want    []string
	}{
		{kube.Verdict{Outcome: kube.Accepted}, []string{"accepted"}},
		{
			kube.Verdict{Outcome: kube.Accepted, Warnings: []string{"a", "b"}},
			[]string{"accepted", "the server warns: a", "the server warns: b"},
		},
		{
			kube.Verdict{Outcome: kube.Refused, By: "Pod Security", Why: "privileged", Warnings: []string{"a"}},
			[]string{"refused by Pod Security: privileged", "the server warns: a"},
		},
		{
			kube.Verdict{Outcome: kube.NotPermitted, Why: "it needs the right to patch pods"},
			[]string{"not permitted: it needs the right to patch pods"},
		},
		{kube.Verdict{Why: "its kind is not known"}, []string{"untried: its kind is not known"}},
	} {
		if diff := cmp.Diff(test.want, test.verdict.Sentences()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.verdict, diff)
		}
	}
}
