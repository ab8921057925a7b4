package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/patch"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// script is a POSIX shell script that makes the changes of a plan. What a cluster
// chose is in it only as a comment of one harmless line, or as one quoted word.
type script struct {
	strings.Builder
	*planned
	saved int // files in which deleted objects are kept
}

func writeFixScript(w io.Writer, p *planned) error {
	t := &script{planned: p}
	t.WriteString("#!/bin/sh\n")
	t.comment("", fmt.Sprintf("Fixes of %s for %s.", plural(len(p.Applied), "finding", "findings"), p.Before.Cluster.Info.Name))
	if s := p.Before.Score; p.Before.Scored && p.After.Scored {
		t.comment("", fmt.Sprintf("The score goes from %.1f to %.1f; %s made again.", s, p.After.Score, p.remade()))
	}
	t.comment("", "Arguments go to each command that changes something: try it with --dry-run=server first.")
	t.WriteString("set -eu\n")
	if c := p.Before.Cluster.Info; c.Server != "" {
		t.comment("", "Read from "+c.Server+": see that kubectl config current-context is the same.")
	}
	for _, action := range []plan.Action{plan.Create, plan.Change, plan.Delete} { // what takes away comes last
		for _, o := range p.Objects {
			if o.Action != action {
				continue
			}
			if err := t.object(o); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// comment writes one line of comment.
func (t *script) comment(indent, text string) {
	t.WriteString("# " + indent + printable.Text(text) + "\n")
}

func (t *script) object(o plan.Object) error {
	t.WriteString("\n")
	t.comment("", o.Action.String()+" "+o.Ref.String())
	for _, a := range o.Fixes {
		t.comment("  ", fmt.Sprintf("%s (%s, %.2f points): %s", a.Finding.Rule.ID, a.Finding.Severity, a.Finding.Points, a.Fix.Title))
		if a.Fix.Risk != "" {
			t.comment("    ", "risk: "+a.Fix.Risk)
		}
		for _, way := range a.Ways {
			if way.Title != a.Fix.Title {
				t.comment("    ", "or: "+way.Title)
			}
		}
	}
	if o.Restarts > 0 {
		t.comment("  ", plural(o.Restarts, "running pod is", "running pods are")+" made again")
	}
	for _, clause := range o.Breaks {
		t.comment("  ", clause)
	}
	if !o.Owner.IsZero() {
		t.comment("  ", "it "+o.Belongs())
	}
	if v, asked := t.trial.verdicts[o.Ref]; asked {
		told := v.Sentences()
		t.comment("  ", "dry run: "+told[0])
		for _, warning := range told[1:] {
			t.comment("  ", warning)
		}
	}
	switch o.Action {
	case plan.Create:
		return t.create(o)
	case plan.Delete:
		t.delete(o)
		return nil
	default:
		return t.change(o)
	}
}

func (t *script) create(o plan.Object) error {
	encoded, err := ascii(o.New)
	if err != nil {
		return err
	}
	t.WriteString("printf '%s' " + quoted(encoded) + " |\n  kubectl create -f - \"$@\"\n")
	t.WriteString("# undo: " + fix.DeleteCommand(o.Ref) + "\n")
	return nil
}

func (t *script) delete(o plan.Object) {
	t.saved++
	file := fmt.Sprintf("undo-%d.$$.yaml", t.saved) // of each run, or a second one would lose what the first one saved
	word := strings.TrimPrefix(fix.DeleteCommand(o.Ref), "kubectl delete ")
	t.WriteString("kubectl get " + word + " -o yaml > \"" + file + "\"\n")
	t.WriteString("kubectl delete " + word + " \"$@\"\n")
	t.WriteString("# undo: kubectl create -f " + strings.Replace(file, "$$", "*", 1) + "\n")
}

func (t *script) change(o plan.Object) error {
	if field := o.Immutable(); field != "" {
		t.comment("  ", "no server changes "+field+" of what is there: delete it and create it again from its manifest")
		return nil
	}
	there, err := plan.PatchOf(t.Before.Cluster, t.After.Cluster, o.Ref)
	if err != nil {
		return err
	}
	if there.Empty() {
		t.comment("  ", "it changes in its manifest alone")
		return nil
	}
	command, err := patchCommand(o.Ref, there)
	if err != nil {
		return err
	}
	undo, err := t.wayBack(o)
	if err != nil {
		return err
	}
	t.WriteString(command + " \"$@\"\n# undo: " + undo + "\n")
	return nil
}

// wayBack is the command that takes the change of an object back.
func (p *planned) wayBack(o plan.Object) (string, error) {
	back, err := plan.PatchOf(p.After.Cluster, p.Before.Cluster, o.Ref)
	if err != nil {
		return "", err
	}
	return patchCommand(o.Ref, back)
}

// undoOf is how the change of an object is taken back, a step each: of files by the
// patch in reverse, of a cluster by kubectl.
func (p *planned) undoOf(o plan.Object) ([]string, error) {
	switch {
	case p.files != nil:
		return []string{"apply the patch in reverse: git apply -R, or patch -R -p1"}, nil
	case o.Action == plan.Create:
		return []string{fix.DeleteCommand(o.Ref)}, nil
	case o.Action == plan.Delete:
		return fix.Undo(audit.Fix{Delete: []kube.Ref{o.Ref}}), nil
	case o.Immutable() != "":
		return []string{"delete it and create it again from its manifest of before"}, nil
	}
	back, err := p.wayBack(o)
	return []string{back}, err
}

// patchCommand is how kubectl makes a patch.
func patchCommand(ref kube.Ref, p patch.Patch) (string, error) {
	kind, body := "json", any(p.JSON)
	if p.Strategic != nil {
		kind, body = "strategic", p.Strategic
	}
	encoded, err := ascii(body)
	if err != nil {
		return "", err
	}
	word := strings.TrimPrefix(fix.DeleteCommand(ref), "kubectl delete ")
	return "kubectl patch " + word + " --type=" + kind + " -p " + quoted(encoded), nil
}

// quoted is a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// ascii encodes a value as JSON of printable ASCII in one line: nothing in it can
// move a cursor or turn a line around, and it says the same.
func ascii(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("encoding a patch: %w", err)
	}
	var b strings.Builder
	for _, r := range strings.TrimSuffix(text.String(), "\n") {
		switch {
		case r < 0x7f:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String(), nil
}
