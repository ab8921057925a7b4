package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/credential"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestNoSecretIsInAnExport looks for what looks like a secret in the values of manifests,
// and for it in everything that leaves the program: every format of scan, diff and triage,
// attack paths, policies to enforce, snapshots and recordings. Edits of the user's own
// files are no export.
func TestNoSecretIsInAnExport(t *testing.T) {
	t.Parallel()
	folders := map[string]string{"leaking": filepath.Join("testdata", "leaking.yaml")}
	if corpora := os.Getenv("SEAWORTHY_CORPORA"); corpora != "" {
		folders["corpora"] = corpora
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secrets := secretsIn(t, folder)
			if name == "leaking" { // those that nothing but their place tells
				secrets = append(secrets, "Vierzehn14Baeume", "Wolkenbruch55", "u7Yt5Re3Wq9Lk2Jh8Gf4", "Zitronenfalter8", "c2hvcDpTY2huZWVmbG9ja2Uz",
					"Siebenschlaefer07", "Siebenschlaefer17", "Siebenschlaefer27")
			}
			if len(secrets) == 0 {
				t.Fatalf("no value of %s looks like a secret", folder)
			}
			for what, text := range exports(t, folder) {
				if len(text) < 100 {
					t.Errorf("%s is only %q", what, text)
				}
				for _, secret := range secrets {
					if inJSON, _ := json.Marshal(secret); bytes.Contains(text, []byte(secret)) || bytes.Contains(text, inJSON[1:len(inJSON)-1]) {
						t.Errorf("%s has the secret that begins with %.4q", what, secret)
					}
				}
			}
		})
	}
}

// secretsIn returns the values that look like secrets, by their form or because what has
// them is called so. Short ones are left out: "admin" is a word that stands anywhere.
func secretsIn(t *testing.T, folder string) []string {
	t.Helper()
	c, err := kube.Load(t.Context(), manifest.New([]string{folder}, manifest.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	look := func(name, value string) {
		named := credential.Said(name) != credential.Unsaid && !strings.ContainsAny(value, "/$ ")
		if len(value) >= 8 && (named || credential.Form(value) != "" && !strings.Contains(value, "://")) {
			found[value] = true
		}
	}
	for _, w := range c.Workloads() {
		for key, value := range w.Pod.Annotations {
			look(key, value)
		}
		for container := range w.Containers() {
			for _, e := range container.Env {
				look(e.Name, e.Value)
			}
			for _, arg := range slices.Concat(container.Command, container.Args) {
				name, value, _ := strings.Cut(arg, "=")
				look(name, value)
				look("", arg)
			}
		}
	}
	var all []string
	for secret := range found {
		all = append(all, secret)
	}
	slices.Sort(all)
	return all
}

// exports returns everything that is written about manifests.
func exports(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	all := map[string][]byte{}
	run := func(args ...string) []byte {
		t.Helper()
		var out, failures bytes.Buffer
		s := &streams{in: strings.NewReader(""), out: &out, err: &failures, notes: &notes{out: &failures}, now: time.Now, env: func(string) string { return "" }}
		root := newRoot(s)
		root.SetArgs(args)
		if err := root.ExecuteContext(t.Context()); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, failures.String())
		}
		all["seaworthy "+strings.Join(args, " ")+" (messages)"] = append(failures.Bytes(), bytes.Repeat([]byte(" "), 100)...)
		return out.Bytes()
	}
	show := func(args ...string) { all["seaworthy "+strings.Join(args, " ")] = run(args...) }
	for _, f := range report.Formats() {
		show("scan", "-f", folder, "-o", f.Name)
	}
	show("triage", "-f", folder, "-o", "text")
	show("triage", "-f", folder, "-o", "json")
	show("access", "paths", "-f", folder, "-o", "json")
	show("enforce", "privileged-container", "-f", folder)
	before := filepath.Join("..", "..", "kube", "kubetest", "testdata", "secret.yaml")
	for _, output := range []string{"text", "json", "markdown"} {
		show("diff", before, folder, "-o", output)
	}
	for command, file := range map[string]string{"snapshot": filepath.Join(dir, "a.seaworthy"), "record": filepath.Join(dir, "b.seaworthy")} {
		run(command, "-f", folder, file)
		all[command] = unpacked(t, file)
		show("scan", "--from", file, "-o", "json")
		show("triage", "--from", file, "-o", "json")
	}
	return all
}

// unpacked returns what a recording holds.
func unpacked(t *testing.T, file string) []byte {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	text, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
