package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// writeFixYAML writes documents: the objects to create, and what changes of the
// others as strategic merge patches. A first line says how they are taken back.
func writeFixYAML(w io.Writer, p *planned) error {
	var text strings.Builder
	for _, o := range p.Objects {
		document, err := p.document(o)
		if err != nil {
			return err
		}
		if text.Len() > 0 {
			text.WriteString("---\n")
		} else {
			text.WriteString("# To take it back: apply the manifests from before, and delete what is created.\n")
		}
		text.Write(document)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// document is what is done to an object as YAML, below a line that says so.
func (p *planned) document(o plan.Object) ([]byte, error) {
	title := "# " + printable.Text(o.Action.String()+" "+o.Ref.String()) + "\n"
	var body audit.Object
	switch o.Action {
	case plan.Create:
		body = o.New
	case plan.Delete:
		body = head(o.Ref)
		body["$patch"] = "delete"
	case plan.Change:
		change, err := p.patchOf(o.Ref)
		if err != nil {
			return nil, err
		}
		if change.Strategic == nil && !change.Empty() {
			operations, err := fix.YAML(change.JSON)
			return append([]byte(title+"# a JSON patch: no strategic merge patch can say it\n"), operations...), err
		}
		body = patchDocument(o.Ref, change.Strategic)
	}
	text, err := fix.YAML(body)
	return append([]byte(title), text...), err
}

// overlay is a folder of kustomize that is being written: by namespace and file. Its
// names are made by [folderOf] and [baseName].
type overlay map[string]*layer

// layer is the part of an overlay for one namespace.
type layer struct {
	files              map[string][]byte
	resources, patches []string // entries of the lists, as YAML
	notes              []string
	top                bool // it is the layer of layers
}

// writeOverlay writes a kustomize overlay into a folder that is new or empty. It
// builds as it is: what is changed lies beside the changes, as it was read, to be
// replaced by where a team keeps it.
func writeOverlay(dir string, p *planned) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usagef("writing %s: it is not empty", dir)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usagef("writing %s: %w", dir, err)
	}
	layers, err := p.overlay()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return usagef("writing %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir) // whatever a name is, nothing outside is written
	if err != nil {
		return usagef("writing %s: %w", dir, err)
	}
	err = layers.write(root)
	return errors.Join(err, root.Close())
}

func (v overlay) write(root *os.Root) error {
	for _, folder := range slices.Sorted(maps.Keys(v)) {
		l := v[folder]
		if err := root.Mkdir(folder, 0o755); err != nil {
			return fmt.Errorf("writing the overlay: %w", err)
		}
		l.files["kustomization.yaml"] = l.kustomization()
		for _, name := range slices.Sorted(maps.Keys(l.files)) {
			if err := root.WriteFile(folder+"/"+name, l.files[name], 0o644); err != nil {
				return fmt.Errorf("writing the overlay: %w", err)
			}
		}
	}
	whole := &layer{resources: slices.Sorted(maps.Keys(v)), top: true}
	if err := root.WriteFile("kustomization.yaml", whole.kustomization(), 0o644); err != nil {
		return fmt.Errorf("writing the overlay: %w", err)
	}
	return nil
}

func (p *planned) overlay() (overlay, error) {
	v := overlay{}
	for _, o := range p.Objects {
		l := v[folderOf(o.Ref)]
		if l == nil {
			l = &layer{files: map[string][]byte{}}
			v[folderOf(o.Ref)] = l
		}
		if err := l.add(p, o); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (l *layer) add(p *planned, o plan.Object) error {
	name := baseName(o.Ref) + ".yaml"
	document, err := p.document(o)
	if err != nil && !errors.Is(err, fix.ErrNotWhole) {
		return err
	}
	if o.Action == plan.Create {
		l.files["new-"+name] = document
		l.resources = append(l.resources, "new-"+name)
		return nil
	}
	base, err := manifestText(p.Before.Cluster, o.Ref)
	if errors.Is(err, fix.ErrNotWhole) {
		l.notes = append(l.notes, fix.DeleteCommand(o.Ref))
		return nil
	}
	if err != nil {
		return err
	}
	l.files["base-"+name], l.files["patch-"+name] = base, document
	l.resources = append(l.resources, "base-"+name)
	entry, err := l.target(p, o, "patch-"+name)
	l.patches = append(l.patches, entry)
	return err
}

// target is the entry of a patch. A JSON patch does not say what it is for; the names
// of a target are regular expressions (kubectl.docs.kubernetes.io, patches).
func (l *layer) target(p *planned, o plan.Object, file string) (string, error) {
	entry := map[string]any{"path": file}
	if o.Action == plan.Change {
		change, err := p.patchOf(o.Ref)
		if err != nil {
			return "", err
		}
		if change.Strategic == nil && !change.Empty() {
			r, _ := kube.ResourceOf(o.Ref.Group, o.Ref.Kind)
			target := map[string]any{"version": r.Version, "kind": o.Ref.Kind, "name": regexp.QuoteMeta(o.Ref.Name)}
			if r.Group != "" {
				target["group"] = r.Group
			}
			if o.Ref.Namespace != "" {
				target["namespace"] = regexp.QuoteMeta(o.Ref.Namespace)
			}
			entry["target"] = target
		}
	}
	text, err := fix.YAML([]any{entry})
	return string(text), err
}

func (l *layer) kustomization() []byte {
	var b strings.Builder
	if l.top {
		b.WriteString("# To take it back: apply each base-*.yaml as it was read, and delete what the new-*.yaml create.\n")
	}
	if len(l.patches) > 0 {
		b.WriteString("# base-*.yaml is what the patches are for, as it was read: replace it by your own.\n")
	}
	for _, command := range l.notes {
		b.WriteString("# not in these files: " + command + "\n")
	}
	b.WriteString("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
	slices.Sort(l.resources)
	for i, resource := range l.resources {
		if i == 0 {
			b.WriteString("resources:\n")
		}
		b.WriteString("- " + resource + "\n")
	}
	for i, patch := range l.patches {
		if i == 0 {
			b.WriteString("patches:\n")
		}
		b.WriteString(patch)
	}
	return []byte(b.String())
}
