package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestTheBillOfThisTest writes the bill of the binary that runs, holds it against the
// schema of CycloneDX, and looks for what is known to be in it.
func TestTheBillOfThisTest(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	first, second := filepath.Join(t.TempDir(), "a.json"), filepath.Join(t.TempDir(), "b.json")
	for _, document := range []string{first, second} {
		if err := run(self, document); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(second); err != nil || !bytes.Equal(text, again) {
		t.Errorf("the same binary has another bill (%v)", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(document); err != nil {
		t.Errorf("against its schema: %v", err)
	}
	expectParts(t, text)
}

// expectParts looks for the modules of this test.
func expectParts(t *testing.T, text []byte) {
	t.Helper()
	type part struct{ Name, Version, PURL string }
	var bill struct{ Components []part }
	if err := json.Unmarshal(text, &bill); err != nil {
		t.Fatal(err)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || len(bill.Components) != len(info.Deps)+1 {
		t.Errorf("it has %d components, want the standard library and %d modules", len(bill.Components), len(info.Deps))
	}
	for _, name := range []string{"std", "github.com/CycloneDX/cyclonedx-go"} {
		at := slices.IndexFunc(bill.Components, func(c part) bool { return c.Name == name })
		if at < 0 {
			t.Errorf("%s is not in it", name)
			continue
		}
		if c := bill.Components[at]; c.Version == "" || c.PURL != "pkg:golang/"+name+"@"+c.Version {
			t.Errorf("%s is %+v", name, c)
		}
	}
}

func TestWhatIsNoGoBinary(t *testing.T) {
	t.Parallel()
	document := filepath.Join(t.TempDir(), "bill.json")
	if err := run("main.go", document); err == nil || !strings.Contains(err.Error(), "main.go") {
		t.Errorf("error %v", err)
	}
	if err := run("absent", document); err == nil {
		t.Error("there is no such file, and no error")
	}
	if _, err := os.Stat(document); err == nil {
		t.Error("a document was written all the same")
	}
}

// schema is that of CycloneDX 1.6, which the library has beside its code.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	folder := filepath.Join(strings.TrimSpace(string(out)), "schema")
	for url, file := range map[string]string{
		"http://cyclonedx.org/schema/spdx.schema.json": "spdx.schema.json", "http://cyclonedx.org/schema/jsf-0.82.schema.json": "jsf-0.82.schemax.json",
		"http://cyclonedx.org/schema/bom-1.6.schema.json": "bom-1.6.schema.json",
	} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(url, document); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
