package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Whatever objects are called, each has a file of its own, in its folder.
func TestFileNames(t *testing.T) {
	t.Parallel()
	binding := func(name string) kube.Ref { return kube.ClusterRoleBindings.Ref("", name) }
	refs := []kube.Ref{
		binding("reader"), binding("Reader"), binding("READER"), binding("system:reader"), binding("system/reader"),
		binding(".."), binding("../../etc/passwd"), binding("/etc/passwd"), binding("a\x00b"), binding("a\nb"), binding(`a\b`), binding(""),
		binding(strings.Repeat("x", 4000)), binding(strings.Repeat("x", 4000) + "y"), binding("a..b"), binding("ä"), binding("--all"),
		kube.Deployments.Ref("shop", "web"), kube.Deployments.Ref("Shop", "web"), kube.Deployments.Ref("..", "web"), kube.Deployments.Ref(".", "web"),
		kube.Deployments.Ref("a/b", "web"), kube.Deployments.Ref("a_b", "web"), kube.Deployments.Ref(unnamespaced, "web"), kube.Deployments.Ref("shop.web", "web"),
		kube.Deployments.Ref("con", "web"), kube.Deployments.Ref("lpt1", "web"), kube.Deployments.Ref("command", "web"),
		kube.NetworkPolicies.Ref("shop", "web"), kube.CalicoNetworkPolicies.Ref("shop", "web"),
	}
	taken := map[string]kube.Ref{}
	for _, ref := range refs {
		name := folderOf(ref) + "/" + baseName(ref) + ".yaml"
		if other, there := taken[strings.ToLower(name)]; there {
			t.Errorf("%v and %v are both in %s", ref, other, name)
		}
		taken[strings.ToLower(name)] = ref
		if !filepath.IsLocal(name) || strings.Count(name, "/") != 1 || strings.Contains(name, "..") || len(name) > 255 {
			t.Errorf("%q is in %q", ref, name)
		}
		if folder := folderOf(ref); folder == "con" || folder == "lpt1" {
			t.Errorf("%q is in %q, which is a device of Windows", ref, name)
		}
		for _, r := range name {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_./", r) {
				t.Errorf("%q is in %q, which has %q", ref, name, r)
			}
		}
	}
	if got := baseName(kube.Deployments.Ref("shop", "web")); got != "deployment-web" {
		t.Errorf("a plain name becomes %s", got)
	}
}

// A patch is applied to the file that it is of, whatever that is called.
func TestPatchAppliesToOddNames(t *testing.T) {
	t.Parallel()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	for _, name := range []string{"plain.yaml", "with blank.yaml", `quo"te.yaml`, "li\nne.yaml", `back\slash.yaml`, "tab\there.yaml", "ümlaut.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, []byte("a: 1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), git, "apply", "-p1")
			command.Dir, command.Stdin = dir, strings.NewReader(string(diffOf(name, []byte("a: 1\n"), []byte("a: 2\n"))))
			if out, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != "a: 2\n" {
				t.Errorf("the file says %q, %v", got, err)
			}
		})
	}
}
