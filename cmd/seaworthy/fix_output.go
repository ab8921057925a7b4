package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/patch"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// fixOutput is one -o FORMAT or -o FORMAT=FILE of fix.
type fixOutput struct {
	format string
	file   string // "" for standard output
}

// The formats that write folders.
const (
	kustomizeFormat = "kustomize"
	gitFormat       = "git"
)

func fixFormatNames() []string {
	return []string{"patch", gitFormat, gitFormat + "=DIR", "kubectl", "yaml", "json", kustomizeFormat + "=DIR"}
}

// fixFormats returns how plans are written.
func fixFormats() map[string]func(io.Writer, *planned) error {
	return map[string]func(io.Writer, *planned) error{
		"patch": writeFixPatch, "kubectl": writeFixScript, "yaml": writeFixYAML, "json": writeFixJSON,
		gitFormat: writeFixMail,
	}
}

// parseFixOutputs reads the values of -o. At most one may go to standard output.
func parseFixOutputs(values []string) ([]fixOutput, error) {
	var outputs []fixOutput
	printed := 0
	for _, value := range values {
		name, file, toFile := strings.Cut(value, "=")
		if _, known := fixFormats()[name]; !known && name != kustomizeFormat {
			return nil, usagef("reading -o %s: fixes are written as %s", value, strings.Join(fixFormatNames(), ", "))
		}
		if toFile && file == "" || !toFile && name == kustomizeFormat {
			return nil, usagef("reading -o %s: it needs a name, as in %s=fixes", value, name)
		}
		if !toFile {
			printed++
		}
		outputs = append(outputs, fixOutput{name, file})
	}
	if printed > 1 {
		return nil, usagef("only one format can go to standard output: give the others a file, as in -o json=plan.json")
	}
	return outputs, nil
}

func (o fixOutput) write(s *streams, p *planned) error {
	switch {
	case o.format == kustomizeFormat:
		return writeOverlay(o.file, p)
	case o.format == gitFormat && o.file != "":
		return writeFixSeries(o.file, p)
	}
	write := fixFormats()[o.format]
	if o.file != "" {
		return writeFile(o.file, func(w io.Writer) error { return write(w, p) })
	}
	return s.show(func(w io.Writer) error { return write(w, p) })
}

// writeFixPatch writes unified diffs: of files, or of objects as manifests.
func writeFixPatch(w io.Writer, p *planned) error {
	var diffs []byte
	if p.files != nil {
		base, err := baseOf(p.files.changed(), false)
		if err != nil {
			return err
		}
		for _, file := range p.files.changed() {
			diffs = append(diffs, diffOf(base.name(file), p.files.original[file], p.files.texts[file])...)
		}
		_, err = w.Write(diffs)
		return err
	}
	for _, o := range p.Objects {
		diff, err := p.diffOf(o)
		if err != nil {
			return err
		}
		diffs = append(diffs, diff...)
	}
	_, err := w.Write(diffs)
	return err
}

// diffOf is [fix.Diff] with a name that may have any character: git quotes those that
// would end the line or the name (git-scm.com/docs/git-config, core.quotePath).
func diffOf(name string, before, after []byte) []byte {
	if !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == '"' || r == '\\' || r >= 0x7f }) {
		return fix.Diff(name, before, after)
	}
	diff := fix.Diff("name", before, after)
	for _, side := range []string{"a/", "b/"} {
		diff = bytes.Replace(diff, []byte(" "+side+"name\n"), []byte(" "+gitQuoted(side+name)+"\n"), 1)
	}
	return diff
}

// gitQuoted quotes a name as git does. Blanks need no quotes for git, which ends a
// name at the tab or the line's end.
func gitQuoted(name string) string {
	var b strings.Builder
	quoted := false
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
			quoted = true
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
			quoted = true
		default:
			b.WriteByte(c)
		}
	}
	if quoted {
		return `"` + b.String() + `"`
	}
	return name
}

// diffOf is the change of one object as a manifest.
func (p *planned) diffOf(o plan.Object) ([]byte, error) {
	before, err := manifestText(p.Before.Cluster, o.Ref)
	if err != nil && !errors.Is(err, fix.ErrNotWhole) {
		return nil, err
	}
	if err != nil { // a Secret that is deleted: nothing of it is known
		return []byte("# " + fix.DeleteCommand(o.Ref) + "\n"), nil
	}
	after, err := manifestText(p.After.Cluster, o.Ref)
	if err != nil {
		return nil, err
	}
	return fix.Diff(folderOf(o.Ref)+"/"+baseName(o.Ref)+".yaml", before, after), nil
}

// manifestText is an object of a view as a manifest; nil if it is not there.
func manifestText(c *kube.Cluster, ref kube.Ref) ([]byte, error) {
	object, ok := c.Find(ref)
	if !ok {
		return nil, nil
	}
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	return fix.ToYAML(resource, object)
}

// manifestValues is an object of a view as a manifest has it; nil if it is not there.
func manifestValues(c *kube.Cluster, ref kube.Ref) (audit.Object, error) {
	text, err := manifestText(c, ref)
	if err != nil || text == nil {
		return nil, err
	}
	root, err := document.Parse(text)
	if err != nil {
		return nil, err
	}
	value, err := document.Values(root)
	object, _ := value.(map[string]any)
	return object, err
}

// patchOf is the change of an object as a manifest has it.
func (p *planned) patchOf(ref kube.Ref) (patch.Patch, error) {
	before, err := manifestValues(p.Before.Cluster, ref)
	if err != nil {
		return patch.Patch{}, err
	}
	after, err := manifestValues(p.After.Cluster, ref)
	if err != nil {
		return patch.Patch{}, err
	}
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	return patch.Of(resource, before, after)
}

// head is what a patch document says of its object.
func head(ref kube.Ref) audit.Object {
	apiVersion := ""
	if r, ok := kube.ResourceOf(ref.Group, ref.Kind); ok {
		if apiVersion = r.Version; r.Group != "" {
			apiVersion = r.Group + "/" + r.Version
		}
	}
	metadata := map[string]any{"name": ref.Name}
	if ref.Namespace != "" {
		metadata["namespace"] = ref.Namespace
	}
	return audit.Object{"apiVersion": apiVersion, "kind": ref.Kind, "metadata": metadata}
}

// patchDocument is a strategic merge patch that names its object.
func patchDocument(ref kube.Ref, body audit.Object) audit.Object {
	document := head(ref)
	for key, value := range body {
		if changed, ok := value.(map[string]any); ok && key == "metadata" {
			metadata, _ := document["metadata"].(map[string]any)
			maps.Copy(metadata, changed)
			continue
		}
		if key != "apiVersion" && key != "kind" {
			document[key] = value
		}
	}
	return document
}

// unnamespaced is the folder of what is in no namespace. No namespace has its name,
// and none is given it.
const unnamespaced = "_cluster"

// folderOf is the name of the folder of an object's namespace.
func folderOf(ref kube.Ref) string {
	if ref.Namespace == "" {
		return unnamespaced
	}
	return safeName(ref.Namespace, ref.Namespace, "-")
}

// baseName is the name of an object's file, without a suffix.
func baseName(ref kube.Ref) string {
	name := strings.ToLower(ref.Kind) + "-" + ref.Name
	if r, ok := kube.ResourceOf(ref.Group, ref.Kind); !ok || r.Custom() {
		name = ref.Group + "-" + name
	}
	return safeName(name, ref.Group+"/"+ref.String(), "-.")
}

// isDevice reports whether Windows takes a name for a device, with whatever suffix
// (learn.microsoft.com/windows/win32/fileio/naming-a-file). Namespaces may be called con.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	port := strings.TrimRight(name, "0123456789")
	return slices.Contains([]string{"con", "prn", "aux", "nul"}, name) || len(name) == 4 && (port == "com" || port == "lpt")
}

// safeName makes a file's name of one that a cluster chose. What is no plain name
// (names of RBAC objects may be almost anything; two may differ by case alone) is
// told apart by a digest of whose name it is.
func safeName(name, of, also string) string {
	const longest = 120
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(also, r)
	}
	safe := strings.Map(func(r rune) rune {
		if plain(r) {
			return r
		}
		return '_'
	}, strings.ToLower(name))
	if safe == name && len(name) <= longest && strings.Trim(name, also) == name && name != "" && !strings.Contains(name, "..") && !isDevice(name) {
		return name
	}
	digest := sha256.Sum256([]byte(of))
	return strings.ReplaceAll(safe[:min(len(safe), longest)], ".", "_") + "-" + hex.EncodeToString(digest[:5])
}
