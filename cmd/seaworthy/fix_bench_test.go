package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// BenchmarkPlanOfManifests plans the fixes of many manifests in one file: nearly five
// thousand.
func BenchmarkPlanOfManifests(b *testing.B) {
	const one = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app-%[1]d, namespace: team-%[2]d}
spec:
  replicas: 3
  selector: {matchLabels: {app: app-%[1]d}}
  template:
    metadata: {labels: {app: app-%[1]d}}
    spec:
      containers:
      # the program
      - name: main
        image: registry.example/app:1.0
        ports:
        - containerPort: 8080
      - name: side
        image: registry.example/side:2.0
---
apiVersion: v1
kind: Service
metadata: {name: app-%[1]d, namespace: team-%[2]d}
spec: {selector: {app: app-%[1]d}, ports: [{port: 80, targetPort: 8080}]}
---
`
	var text strings.Builder
	for i := range 390 {
		fmt.Fprintf(&text, one, i, i%20)
	}
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard},
		now: func() time.Time { return now },
	}
	for b.Loop() {
		m := newManuscript([]string{dir}, "", now)
		view, err := m.open(b.Context(), s)
		if err != nil {
			b.Fatal(err)
		}
		before, _ := judgeByAll(view)
		p, err := plan.Make(before, plan.Options{
			Judge: judgeByAll, Target: m, Hold: func(*score.Finding, audit.Fix) string { return "" },
		})
		if err != nil {
			b.Fatal(err)
		}
		if len(p.Applied) < 4000 {
			b.Fatalf("%d fixes", len(p.Applied))
		}
		b.ReportMetric(float64(len(p.Applied)), "fixes")
	}
}
