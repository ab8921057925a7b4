package main

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestAt(t *testing.T) {
	t.Parallel()
	var pod object
	err := json.Unmarshal([]byte(`{
		"metadata": {"name": "web-1", "generation": 1},
		"status": {
			"conditions": [{"type": "Initialized", "status": "True"}, {"type": "Ready", "status": "False"}],
			"containerStatuses": [{"restartCount": 1000000}]
		}
	}`), &pod)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"metadata.name":                             "web-1",
		"status.conditions[type=Ready].status":      "False",
		"status.conditions[type=Other].status":      "<nil>",
		"status.containerStatuses[0].restartCount":  "1000000",
		"status.containerStatuses[1].restartCount":  "<nil>",
		"metadata.name.first":                       "<nil>",
		"status.containerStatuses[zero].restarts":   "<nil>",
		"status.conditions[type=Ready].status.more": "<nil>",
	} {
		if got := fmt.Sprint(at(pod, path)); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestWaitDiffers(t *testing.T) {
	t.Parallel()
	deployment := func(observed int) object {
		return object{
			"metadata": object{"generation": 2.0},
			"status":   object{"observedGeneration": float64(observed), "availableReplicas": 3.0},
		}
	}
	for _, test := range []struct {
		name string
		o    object
		want map[string]any
		is   bool
	}{
		{"equal", deployment(2), map[string]any{"status.availableReplicas": 3.0}, true},
		{"as text", deployment(2), map[string]any{"status.availableReplicas": "3"}, true},
		{"other", deployment(2), map[string]any{"status.availableReplicas": 4.0}, false},
		{"at least", deployment(2), map[string]any{"status.availableReplicas": ">=2"}, true},
		{"not at least", deployment(2), map[string]any{"status.availableReplicas": ">= 4"}, false},
		{"anything", deployment(2), map[string]any{"status.availableReplicas": "*"}, true},
		{"nothing, and it is there", deployment(2), map[string]any{"status.availableReplicas": nil}, false},
		{"nothing", deployment(2), map[string]any{"status.unavailableReplicas": nil}, true},
		{"anything, and it is absent", deployment(2), map[string]any{"status.unavailableReplicas": "*"}, false},
		{"of an old spec", deployment(1), map[string]any{"status.availableReplicas": 3.0}, false},
	} {
		if err := (&wait{For: test.want}).differs(test.o); (err == nil) != test.is {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
