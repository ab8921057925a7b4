package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/ui"
)

const quayside = `
apiVersion: v1
kind: Namespace
metadata: {name: quayside, labels: {pod-security.kubernetes.io/warn: restricted}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: quay, namespace: quayside}
spec:
  selector: {matchLabels: {app: quay}}
  template:
    metadata: {labels: {app: quay}}
    spec:
      containers: [{name: quay, image: "registry.example/quay:1.0.0", securityContext: {privileged: true}}]
`

// TestTheScreenAsksTheServer presses the key on both screens before a real server, as
// somebody who may change things and as somebody who may not, and changes nothing.
func TestTheScreenAsksTheServer(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	file := filepath.Join(t.TempDir(), "quayside.yaml")
	if err := os.WriteFile(file, []byte(quayside), 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "quayside", file)
	client := testbed.Client(t)
	before := deployed(t, client)
	for user, want := range map[string]struct{ plan, finding string }{
		"admin":  {"accepted", "accepted"},
		"reader": {"not permitted", "not permitted: it needs the right to patch deployments.apps in namespace quayside"},
	} {
		args := []string{"--kubeconfig", testbed.Kubeconfig, "--context", user, "-n", "quayside"}
		look(t, append(args, "--at", "plan/quayside"), func(v *viewer) {
			v.await("deploy/quay").press('D').await("server: ").await("SERVER").await(want.plan)
		})
		look(t, append(args, "--at", "ns/quayside"), func(v *viewer) {
			v.await("privileged-container").press([]rune("/rule=privileged-container")...).press(tea.KeyEnter, tea.KeyEnter)
			v.await("Fix: ").press('D').await("SERVER").await(want.finding)
			if user == "admin" {
				v.await("the server warns: would violate PodSecurity")
			}
		})
	}
	if diff := cmp.Diff(before, deployed(t, client)); diff != "" || len(before) != 1 {
		t.Errorf("%d Deployments (-before +after):\n%s", len(before), diff)
	}
}

// TestTheScreenShowsTheObject goes from a finding to the object as a real server has it,
// with more than the view holds, then to its events and logs; as somebody who
// may read and as somebody who may not.
func TestTheScreenShowsTheObject(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	file := filepath.Join(t.TempDir(), "dockside.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(quayside, "quay", "dock")), 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "dockside", file)
	args := []string{"--kubeconfig", testbed.Kubeconfig, "-n", "dockside", "--at"}
	look(t, append(args, "ns/dockside", "--context", "reader"), func(v *viewer) {
		v.await("privileged-container").press([]rune("/rule=privileged-container")...).press(tea.KeyEnter, tea.KeyEnter)
		v.await("Fix: ").press('o').await("as the server had it").await("privileged: true").await(">C")
		v.press('Z', 'g').await("managedFields:").press('E').await("No events are known of it").press('L').await("No pod of Deployment dockside/dock is known")
	})
	look(t, append(args, "object/Deployment/dockside/dock", "--context", "viewer"), func(v *viewer) {
		v.await("needs the right to get deployments.apps in namespace dockside")
	})
}

// deployed is the version of each Deployment of the test.
func deployed(t *testing.T, client *kubetest.Client) map[string]string {
	t.Helper()
	var list struct {
		Items []struct {
			Metadata struct{ Name, ResourceVersion string }
		}
	}
	client.Must(t, kubetest.Call{Method: http.MethodGet, Path: pathOf(kube.Deployments, "quayside", "")}, &list)
	all := map[string]string{}
	for _, o := range list.Items {
		all[o.Metadata.Name] = o.Metadata.ResourceVersion
	}
	return all
}

// look shows the terminal UI of some flags to a robot.
func look(t *testing.T, args []string, story func(*viewer)) {
	t.Helper()
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard}, now: time.Now,
		env: func(string) string { return "" },
	}
	o := options(t, args)
	r, err := o.ruling(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	place, _, err := o.target.startedWith()
	if err != nil {
		t.Fatal(err)
	}
	options, err := o.screen(s, &contexts{s: s, o: o, r: r, started: place}, place, nil)
	if err != nil {
		t.Fatal(err)
	}
	model, err := ui.New(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	v := &viewer{t: t, model: model, answers: make(chan tea.Msg, 1000)}
	defer func() { stop(); model.Close() }()
	v.start(model.Init())
	v.send(tea.WindowSizeMsg{Width: 140, Height: 40})
	story(v)
}

// options are what flags of the terminal UI say.
func options(t *testing.T, args []string) *uiOptions {
	t.Helper()
	o, c := &uiOptions{}, &cobra.Command{}
	o.addFlags(c)
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return o
}

// viewer is a person before the terminal UI of a real cluster.
type viewer struct {
	t       *testing.T
	model   tea.Model
	answers chan tea.Msg
}

func (v *viewer) send(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			v.start(cmd)
		}
	default:
		model, cmd := v.model.Update(msg)
		v.model = model
		v.start(cmd)
	}
}

func (v *viewer) start(cmd tea.Cmd) {
	if cmd != nil {
		go func() { v.answers <- cmd() }()
	}
}

// press presses keys, one after the other.
func (v *viewer) press(keys ...rune) *viewer {
	for _, key := range keys {
		msg := tea.KeyPressMsg{Code: key, Text: string(key)}
		if key == tea.KeyEnter || key == tea.KeyEscape {
			msg.Text = ""
		}
		v.send(msg)
	}
	return v
}

// await waits until a text is on the screen.
func (v *viewer) await(text string) *viewer {
	v.t.Helper()
	return v.until(fmt.Sprintf("%q is on the screen", text), func(screen string) bool { return strings.Contains(screen, text) })
}

// until waits until something holds for the screen.
func (v *viewer) until(what string, holds func(screen string) bool) *viewer {
	v.t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for {
		screen := ansi.Strip(v.model.View().Content)
		if holds(screen) {
			return v
		}
		select {
		case msg := <-v.answers:
			v.send(msg)
		case <-deadline.C:
			v.t.Fatalf("it is not so that %s:\n%s", what, screen)
		}
	}
}
