package ui_test

import (
	"fmt"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui"
)

// sizes are the terminals that every screen is looked at in: the classic one,
// a laptop's, a desktop's, and a wall.
func sizes() [][2]int { return [][2]int{{80, 24}, {100, 30}, {140, 40}, {200, 50}} }

func TestScreens(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{
		"overview": "overview", "heatmap": "heatmap", "namespace": "ns/payments", "findings": "findings",
		"workload":  "workload/Deployment/payments/gateway",
		"workloads": "ns/payments?show=workloads", "grouped": "findings?group=rule",
		"rbac": "rbac", "paths": "paths/ns:payments", "plan": "plan/payments", "way": "plan/payments?target=60",
		"object": "object/Deployment/payments/gateway", "describe": "object/Deployment/payments/gateway?tab=describe",
		"finding": privileged, "coverage": "coverage", "contexts": "contexts", "themes": "themes", "help": "help",
		"snapshots": "snapshots", "rules": "rules", "rule": "rule/privileged-container",
	} {
		for _, size := range sizes() {
			t.Run(fmt.Sprintf("%s %dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				run(t, ui.Options{At: at, Contexts: newWorld(), Sighting: ui.Sighting{Place: "context/prod"}}, size[0], size[1], func(u *user) {
					u.publish().Golden(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]))
				})
			})
		}
	}
}

// TestWall shows what is made for a wall on one.
func TestWall(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"overview", "heatmap"} {
		run(t, ui.Options{At: at}, 300, 80, func(u *user) { u.publish().Golden(at + "-300x80") })
	}
}
