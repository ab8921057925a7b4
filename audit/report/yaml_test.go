package report_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

func TestYAMLIsTheDocumentOfJSON(t *testing.T) {
	t.Parallel()
	decoded := func(a *score.Assessment, frameworks ...framework.Framework) (fromJSON, fromYAML any) {
		if err := json.Unmarshal(written(t, "json", a, frameworks...), &fromJSON); err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(written(t, "yaml", a, frameworks...), &fromYAML); err != nil {
			t.Error(err)
		}
		return fromJSON, fromYAML
	}
	for _, a := range []*score.Assessment{assessment(t), accepting(t), crowd(t, 0, 0, "")} {
		want, got := decoded(a, asked())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the documents differ (-json +yaml):\n%s", diff)
		}
	}
	anything(t, func(text string) bool {
		want, got := decoded(crowd(t, 1, 1, text, text))
		return reflect.DeepEqual(want, got)
	})
}
