package redaction

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

// piece is a part of a text: a word, or what divides two words.
type piece struct {
	text string
	word bool
	keep bool
}

// words redacts a text word by word: what may stay stays where it is, and what lies between
// two words that stay goes as a whole. In a secret place fewer words may stay.
func (r *Redactor) words(text string, secret bool) string {
	what := credential.Form(text)
	pieces := r.pieces(credential.Strike(text), secret)
	var b strings.Builder
	run := false // of hidden pieces
	for _, p := range pieces {
		if p.keep {
			b.WriteString(p.text)
		} else if !run {
			b.WriteString(credential.Hidden(r.number(text), what))
		}
		run = !p.keep
	}
	if what != "" && credential.Form(b.String()) != what {
		return credential.Hidden(r.number(text), what)
	}
	return b.String()
}

// pieces cuts a text up and says what may stay of it.
func (r *Redactor) pieces(text string, secret bool) []piece {
	var all []piece
	for rest := text; rest != ""; {
		end := strings.IndexFunc(rest, inWord)
		word := end == 0
		if word {
			end = strings.IndexFunc(rest, func(c rune) bool { return !inWord(c) })
		}
		if end < 0 {
			end = len(rest)
		}
		p := piece{text: rest[:end], word: word}
		if rest = rest[end:]; word {
			before := ""
			if len(all) > 0 {
				before = all[len(all)-1].text
			}
			p.keep = r.stays(p.text, before, rest, secret)
		}
		all = append(all, p)
	}
	for i := range all {
		if p := &all[i]; !p.word { // the edge of a text is as good as a word that stays
			beside := i == 0 || i == len(all)-1 || all[i-1].keep || all[i+1].keep
			p.keep = beside && !strings.ContainsFunc(p.text, func(c rune) bool { return !structural(c) })
		}
	}
	return all
}

// inWord reports whether words consist of a character.
func inWord(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c >= 0x80
}

// structural reports whether a character divides words in paths, URLs, lists and scripts.
func structural(c rune) bool { return strings.ContainsRune(" \t\n\r/:,;=@()[]{}\"'`$|&<>?", c) }

var (
	amount     = regexp.MustCompile(`^[0-9]{1,5}(\.[0-9]{1,3})?(ns|us|ms|s|m|h|d|[kKMGT]i?[bB]?)?$`)
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,127}$`)
	scheme     = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,15}$`)
	dnsName    = regexp.MustCompile(`^[a-z0-9.-]{1,253}$`)
	ordinal    = regexp.MustCompile(`-[0-9]{1,5}$`)
	flagName   = regexp.MustCompile(`^--?[A-Za-z][A-Za-z0-9._-]{0,63}$`)
	oldFlag    = regexp.MustCompile(`^-[a-z-]+$`)
	programs   = regexp.MustCompile(`^[A-Za-z0-9_./+-]{1,128}$`)
)

// switches are words that turn something on or off and say nothing else.
var switches = []string{"true", "false", "yes", "no", "on", "off", "none", "null", "auto", "default", "enabled", "disabled"}

// sought are words that rules look for.
var sought = []string{"sudo", "localhost"}

// stays reports whether a word may stay, by what stands before and behind it.
func (r *Redactor) stays(word, before, behind string, secret bool) bool {
	switch {
	case slices.Contains(switches, strings.ToLower(word)):
		return true
	case strings.HasSuffix(before, "$(") && strings.HasPrefix(behind, ")"),
		strings.HasSuffix(before, "${") && strings.HasPrefix(behind, "}"):
		return identifier.MatchString(word)
	case strings.HasPrefix(behind, "://"):
		return scheme.MatchString(word)
	case r.isName(strings.Trim(word, "-.")):
		return true
	case secret:
		return false
	}
	return amount.MatchString(word) || slices.Contains(sought, word)
}

// isName reports whether a word is the name of an object, or of a Service in DNS
// (name.namespace.svc, with the pod of a StatefulSet before it or the domain behind it).
func (r *Redactor) isName(word string) bool {
	if r.names[word] || r.names[ordinal.ReplaceAllString(word, "")] {
		return true
	}
	if !strings.Contains(word, ".") || !dnsName.MatchString(word) {
		return false
	}
	parts := strings.Split(word, ".")
	if slices.Index(parts, "svc") >= 2 {
		return true
	}
	return !slices.ContainsFunc(parts, func(part string) bool {
		return !r.names[part] && !r.names[ordinal.ReplaceAllString(part, "")]
	})
}

// isFlag reports whether the first word of a command line's part names a flag, and does
// not have its value glued to it, as -psecret does.
func isFlag(name string, assigned bool) bool {
	switch {
	case !flagName.MatchString(name):
		return false
	case strings.HasPrefix(name, "--"), len(name) == 2:
		return true
	}
	return assigned && oldFlag.MatchString(name)
}

// isProgram reports whether a text can be the program that a command begins with.
func isProgram(text string) bool { return programs.MatchString(text) && credential.Form(text) == "" }
