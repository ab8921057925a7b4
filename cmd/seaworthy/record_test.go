package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// TestARecorderThatIsKilled leaves all that it has seen.
func TestARecorderThatIsKilled(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "night.seaworthy")
	b := kube.NewBuilder(kube.Info{Name: "shop"})
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var out *recordingInto
	for i, namespace := range []string{"one", "two", "three"} {
		if err := b.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
			t.Fatal(err)
		}
		view := b.Build(now.Add(time.Duration(i) * time.Second))
		var err error
		if out == nil {
			out, err = recordInto(name, view, recording.Redact)
		} else {
			err = out.append(view)
		}
		if err != nil {
			t.Fatal(err)
		}
		source := recordingFile(name) // as if there came nothing more
		got, err := kube.Load(t.Context(), source, nil)
		if err != nil || got.Namespaces.Len() != i+1 || !got.Time.Equal(view.Time) {
			t.Fatalf("after view %d it has %v, %v", i, got, err)
		}
		if problems := source.Problems(); len(problems) != 1 || !errors.Is(problems[0], recording.ErrTruncated) {
			t.Errorf("of a file that is not ended there is told %v", problems)
		}
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Size() != out.size {
		t.Errorf("%d bytes were counted, and the file is %v, %v", out.size, info, err)
	}
	source := recordingFile(name)
	if _, err := kube.Load(t.Context(), source, nil); err != nil || len(source.Problems()) > 0 {
		t.Errorf("once ended: %v, %v", err, source.Problems())
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "night.seaworthy")
	for _, text := range []string{"a", "b", "c", "d"} {
		if err := rotate(name, 2); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(text)
	}
	want := map[string]string{"night.seaworthy": "d", "night.1.seaworthy": "c", "night.2.seaworthy": "b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
