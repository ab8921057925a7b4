package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

func TestAcknowledgementsAreKeptByCluster(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	kept := newAcknowledgements(func(name string) string { return map[string]string{"XDG_STATE_HOME": home}[name] })
	prod, twin := kube.Info{Name: "../prod \x1b[2J", Server: "https://a"}, kube.Info{Name: "../prod \x1b[2J", Server: "https://b"}
	if all, err := kept.Load(t.Context(), prod); err != nil || all != nil {
		t.Errorf("before anything is kept there is %v, %v", all, err)
	}
	want := []screen.Acknowledgement{
		{ID: "1f3a", Severity: triage.S1, Time: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)},
		{ID: "2b", Severity: triage.S3, Time: time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)},
	}
	for range 2 {
		if err := kept.Save(t.Context(), prod, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := kept.Load(t.Context(), prod)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("what is kept differs (-want +got), %v:\n%s", err, diff)
	}
	if all, err := kept.Load(t.Context(), twin); err != nil || all != nil {
		t.Errorf("another server of the same name has %v, %v", all, err)
	}
}

func TestAcknowledgementsArePrivate(t *testing.T) {
	t.Parallel()
	home, prod := t.TempDir(), kube.Info{Name: "prod"}
	kept := newAcknowledgements(func(name string) string { return map[string]string{"XDG_STATE_HOME": home}[name] })
	if err := kept.Save(t.Context(), prod, nil); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(home, "seaworthy", "acknowledged", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the files are %v, %v; want one", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Load(t.Context(), prod); err == nil {
		t.Error("a broken file is read without an error")
	}
	if newAcknowledgements(func(string) string { return "" }) != nil {
		t.Error("without a folder for state there is a store")
	}
}
