package manifest_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestNothingLeadsOutOfAFolder reads a folder with links in it: those out of it are told
// of and not followed, those within it are, as the files of a mounted ConfigMap.
func TestNothingLeadsOutOfAFolder(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	top := t.TempDir()
	folder := filepath.Join(top, "folder")
	for _, f := range []struct{ file, name string }{{"secret.yaml", "outside"}, {"folder/..data/inside.yaml", "inside"}} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(top, f.file)), 0o700); err != nil {
			t.Fatal(err)
		}
		text := "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + f.name + "}\n"
		if err := os.WriteFile(filepath.Join(top, f.file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"inside.yaml": "..data/inside.yaml", "relative.yaml": "../secret.yaml", "absolute.yaml": filepath.Join(top, "secret.yaml"),
		"device.yaml": os.DevNull, "twice.yaml": "relative.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	source := manifest.New([]string{folder}, manifest.Options{})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Has(kube.Namespaces.Ref("", "inside")) || c.Has(kube.Namespaces.Ref("", "outside")) {
		t.Errorf("the view has %v", c.Objects(kube.Namespaces))
	}
	if problems := source.Problems(); len(problems) != 4 {
		t.Errorf("problems are %v, want one for each link out of the folder", problems)
	}
	named := manifest.New([]string{filepath.Join(folder, "relative.yaml")}, manifest.Options{})
	if c, err = kube.Load(t.Context(), named, nil); err != nil || !c.Has(kube.Namespaces.Ref("", "outside")) {
		t.Errorf("a link that is named is not followed: %v", err)
	}
}
