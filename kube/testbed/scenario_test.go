package main

import (
	"os"
	"path/filepath"
	"testing"
)

// scenariosOf is where the scenarios of this repository are.
const scenariosOf = "../../audit/triage/scenario/testdata"

func TestScenariosCanBeRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(scenariosOf, "*", "scenario.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scenarios: %v", len(files), err)
	}
	for _, file := range files {
		s, err := readScenario(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if s.Title == "" || s.Cluster.Nodes == 0 || s.Cluster.Zones == 0 || len(s.Healthy) == 0 || len(s.Break) == 0 {
			t.Errorf("%s: it lacks a title, a cluster or steps", file)
		}
		for _, st := range append(s.Healthy, s.Break...) {
			if st.String() == "did nothing" {
				t.Errorf("%s: a step says nothing to do", file)
			}
			if st.Apply == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), st.Apply)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
		if last := s.Break[len(s.Break)-1]; last.Wait == nil {
			t.Errorf("%s: it does not end with something to wait for", file)
		}
	}
}
