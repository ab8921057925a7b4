package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// nobodyInParticular is the author of commits unless --author names one: the program
// knows nobody, and invents nobody.
const nobodyInParticular = "seaworthy <seaworthy@localhost>"

// commit is one commit of changed files.
type commit struct {
	of            *planned
	before, after map[string][]byte // by file
	objects       []plan.Object     // that it changes
	namespace     string            // "" for the commit of all
	alone         bool              // it is the only one
}

// checkAuthor says why nobody can be the author of a commit.
func checkAuthor(author string) error {
	if _, err := mail.ParseAddress(author); err != nil || strings.ContainsAny(author, "\r\n") {
		return usagef("reading --author %s: it is no name and address, as in %q", author, nobodyInParticular)
	}
	return nil
}

// mailable says why there is no commit of a plan.
func (p *planned) mailable() error {
	switch {
	case p.files == nil:
		return usagef("-o git is a commit of manifests: name them with -f")
	case slices.Contains(p.files.paths, manifest.Stdin):
		return usagef("-o git is a commit of files, and standard input is none: name them with -f")
	}
	return nil
}

// writeFixMail writes all of a plan as one mail that git am takes; nothing if nothing
// changes.
func writeFixMail(w io.Writer, p *planned) error {
	if err := p.mailable(); err != nil {
		return err
	}
	all := commit{of: p, before: p.files.original, after: p.files.texts, objects: p.Objects, alone: true}
	text, err := all.mail()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// writeFixSeries writes one mail for each namespace into a folder that is new or empty;
// they are made one after the other, since a file may have objects of several.
func writeFixSeries(dir string, p *planned) error {
	if err := p.mailable(); err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usagef("writing %s: it is not empty", dir)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usagef("writing %s: %w", dir, err)
	}
	series, err := p.series()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return usagef("writing %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir) // whatever a namespace is called, nothing outside is written
	if err != nil {
		return usagef("writing %s: %w", dir, err)
	}
	number := 0
	for _, c := range series {
		text, failed := c.mail()
		if failed == nil && len(text) > 0 {
			number++
			failed = root.WriteFile(fmt.Sprintf("%04d-%s.patch", number, folderOf(kube.Ref{Namespace: c.namespace})), text, 0o644)
		}
		if failed != nil {
			err = fmt.Errorf("writing the patches: %w", failed)
			break
		}
	}
	return errors.Join(err, root.Close())
}

// series is a plan as one commit for each namespace, in the order of their names; what
// is in none comes first.
func (p *planned) series() ([]commit, error) {
	objects := map[string][]plan.Object{}
	for _, o := range p.Objects {
		objects[o.Ref.Namespace] = append(objects[o.Ref.Namespace], o)
	}
	var all []commit
	before := p.files.original
	made := map[string]bool{}
	for _, namespace := range slices.Sorted(maps.Keys(objects)) {
		made[namespace] = true
		texts, err := p.files.edited(partOf(p.Fix, func(ref kube.Ref) bool { return made[ref.Namespace] }))
		if err != nil {
			return nil, err
		}
		after := maps.Clone(p.files.original)
		maps.Copy(after, texts)
		all = append(all, commit{
			of: p, before: before, after: after, objects: objects[namespace], namespace: namespace, alone: len(objects) == 1,
		})
		before = after
	}
	return all, nil
}

// partOf is the part of a fix that is about some objects.
func partOf(f audit.Fix, about func(kube.Ref) bool) (part audit.Fix) {
	for _, e := range f.Edits {
		if about(e.Object) {
			part.Edits = append(part.Edits, e)
		}
	}
	for _, o := range f.New {
		if ref, _ := fix.RefOf(o); about(ref) { // it was asked before
			part.New = append(part.New, o)
		}
	}
	for _, ref := range f.Delete {
		if about(ref) {
			part.Delete = append(part.Delete, ref)
		}
	}
	return part
}

// mail is the commit as git format-patch writes one: the message, a line of dashes,
// the change. It is nothing if no file changes.
func (c commit) mail() ([]byte, error) {
	var changed []string
	for _, file := range slices.Sorted(maps.Keys(c.after)) {
		if !bytes.Equal(c.before[file], c.after[file]) {
			changed = append(changed, file)
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	base, err := baseOf(slices.Sorted(maps.Keys(c.of.files.texts)), true)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	body.WriteString(c.message() + "---\n\n")
	for _, file := range changed {
		name := base.name(file)
		body.WriteString("diff --git " + gitQuoted("a/"+name) + " " + gitQuoted("b/"+name) + "\n")
		body.Write(diffOf(name, c.before[file], c.after[file]))
	}
	body.WriteString("-- \nseaworthy\n")
	text, encoding := body.Bytes(), "8bit"
	if bytes.ContainsRune(text, '\r') {
		// git am takes a line break of two characters for one that was made on the
		// way, unless it is encoded (git-scm.com/docs/git-mailsplit, --keep-cr).
		text, encoding = quotedPrintable(text), "quoted-printable"
	}
	head := "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n" +
		"From: " + encodedAuthor(c.of.author) + "\n" +
		"Date: " + c.of.Before.Cluster.Time.UTC().Format(time.RFC1123Z) + "\n" +
		"Subject: [PATCH] " + encodedWords(c.subject()) + "\n" +
		"MIME-Version: 1.0\n" +
		"Content-Type: text/plain; charset=UTF-8\n" +
		"Content-Transfer-Encoding: " + encoding + "\n\n"
	return append([]byte(head), text...), nil
}

// encodedAuthor is an author as a header takes it.
func encodedAuthor(author string) string {
	address, err := mail.ParseAddress(cmp.Or(author, nobodyInParticular))
	if err != nil { // it was checked
		return nobodyInParticular
	}
	if strings.Trim(address.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ") == "" {
		return address.Name + " <" + address.Address + ">"
	}
	return address.String()
}

// encodedWords is a header's text of ASCII.
func encodedWords(text string) string { return mime.QEncoding.Encode("UTF-8", text) }

// quotedPrintable encodes all but the breaks of lines.
func quotedPrintable(text []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		content, ended := bytes.CutSuffix(line, []byte("\n"))
		w := quotedprintable.NewWriter(&b)
		w.Binary = true
		_, _ = w.Write(content) // a Buffer takes all
		_ = w.Close()
		if ended {
			b.WriteByte('\n')
		}
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n")) // of soft breaks
}

// subject says in a few words what is fixed.
func (c commit) subject() string {
	rules, count := map[string]bool{}, 0
	for _, a := range c.applied() {
		rules[a.Finding.Rule.ID] = true
		count++
	}
	text := fmt.Sprintf("Fix %s of %s", plural(count, "finding", "findings"), plural(len(rules), "rule", "rules"))
	if len(rules) == 1 {
		for id := range rules {
			text = fmt.Sprintf("Fix %s of %s", plural(count, "finding", "findings"), id)
		}
	}
	if !c.alone && c.namespace != "" {
		text += " in " + printable.Text(c.namespace)
	}
	return text
}

// applied are the fixes that the objects of a commit are part of.
func (c commit) applied() []*plan.Applied {
	here := map[*plan.Applied]bool{}
	for _, o := range c.objects {
		for _, a := range o.Fixes {
			here[a] = true
		}
	}
	var all []*plan.Applied
	for _, a := range c.of.Applied {
		if here[a] {
			all = append(all, a)
		}
	}
	return all
}

// message says what the commit fixes, what is gained, and what it may break. Its lines
// begin with a letter, a blank or "- ": nothing in it can be taken for a header, a
// patch, or the end of the message.
func (c commit) message() string {
	var b strings.Builder
	paragraph := func(text string) { b.WriteString("\n" + wrapped(text, "", "")) }
	b.WriteString(wrapped(c.gain(), "", ""))
	b.WriteString("\n")
	for _, g := range c.groups() {
		b.WriteString(wrapped(g.text(), "- ", "  "))
		if g.risk != "" {
			b.WriteString(wrapped("Risk: "+g.risk, "  ", "  "))
		}
	}
	if text := c.restarts(); text != "" {
		paragraph(text)
	}
	for _, o := range c.objects {
		for _, clause := range o.Breaks {
			paragraph(fmt.Sprintf("%s: %s.", o.Ref, clause))
		}
		if !o.Owner.IsZero() {
			paragraph(fmt.Sprintf("%s %s.", o.Ref, o.Belongs()))
		}
	}
	paragraph("git revert takes it back; what was applied to a cluster has to be applied again.")
	return b.String()
}

// gain says what becomes of the score.
func (c commit) gain() string {
	if c.alone {
		if c.of.Before.Scored && c.of.After.Scored {
			return fmt.Sprintf("The score goes from %.1f to %.1f.", c.of.Before.Score, c.of.After.Score)
		}
		return "There is no score."
	}
	if row, changes := c.of.scoreRow().Namespaces[c.namespace]; changes {
		return fmt.Sprintf("With all patches of the series, the score of namespace %s goes from %.1f to %.1f.", c.namespace, row.Before, row.After)
	}
	return "It changes no namespace's score by itself."
}

// restarts says which workloads' pods are made again.
func (c commit) restarts() string {
	var names []string
	for _, o := range c.objects {
		if o.Remade {
			names = append(names, o.Ref.String())
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Applied, it has the pods made again of " + strings.Join(names[:min(len(names), toldOf)], ", ") + andMore(len(names)-toldOf) + "."
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// fixGroup are the fixes of a rule that say the same.
type fixGroup struct {
	rule        *audit.Rule
	title, risk string
	fixes       []*plan.Applied
}

// groups puts the fixes of a commit together, the gravest first.
func (c commit) groups() []*fixGroup {
	var all []*fixGroup
	at := map[fixGroupKey]*fixGroup{}
	for _, a := range c.applied() {
		key := fixGroupKey{a.Finding.Rule, a.Fix.Title, a.Fix.Risk}
		if at[key] == nil {
			at[key] = &fixGroup{rule: key.rule, title: key.title, risk: key.risk}
			all = append(all, at[key])
		}
		at[key].fixes = append(at[key].fixes, a)
	}
	slices.SortStableFunc(all, func(a, b *fixGroup) int { return cmp.Compare(b.severity(), a.severity()) })
	return all
}

type fixGroupKey struct {
	rule        *audit.Rule
	title, risk string
}

func (g *fixGroup) severity() audit.Severity { return g.fixes[0].Finding.Severity }

func (g *fixGroup) text() string {
	var names []string
	points := 0.0
	for _, a := range g.fixes {
		points += a.Finding.Points
		name := a.Finding.Subject.String()
		if a.Finding.Container != "" {
			name += " (" + a.Finding.Container + ")"
		}
		names = append(names, name)
	}
	return fmt.Sprintf("%s (%s, %.2f points): %s, in %s%s", g.rule.ID, g.severity(), points, g.title,
		strings.Join(names[:min(len(names), toldOf)], ", "), andMore(len(names)-toldOf))
}

// wrapped writes a text in lines of 72 columns, as commit messages have them, the first
// after one indent, the others after another.
func wrapped(text, first, next string) string {
	const width = 72
	var b strings.Builder
	line := first
	for i, word := range strings.Fields(printable.Text(text)) {
		switch {
		case i == 0:
			line += word
		case len(line)+1+len(word) <= width:
			line += " " + word
		default:
			b.WriteString(line + "\n")
			line = next + harmless(word)
		}
	}
	return b.String() + line + "\n"
}

// harmless keeps a word at the start of a line from being taken for what ends a
// message (git-scm.com/docs/git-am, "the patch is expected to be inline").
func harmless(word string) string {
	switch {
	case word == "From", word == "diff", strings.HasPrefix(word, "--"), strings.HasPrefix(word, "Index:"):
		return "\u00b7" + word
	}
	return word
}
