package object

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// command returns what shows the same with kubectl.
func (s *Screen) command() string {
	words := []string{"kubectl"}
	if c := s.shown.Cluster.Info; c.Server != "" {
		words = append(words, "--context", c.Name)
	}
	if s.ref.Namespace != "" {
		words = append(words, "-n", s.ref.Namespace)
	}
	r, known := kube.ResourceOf(s.ref.Group, s.ref.Kind)
	kind := s.ref.Kind
	if known {
		kind = r.As(kind).String()
	}
	switch page := r.Page(); {
	case page != "":
		words = append(words, "get", "--raw", page)
	case s.at == yamlTab:
		words = append(words, "get", kind, s.ref.Name, "-o", "yaml")
		if r.MetadataOnly {
			words[len(words)-1] = "jsonpath={.metadata}"
		}
	case s.at == describeTab:
		words = append(words, "describe", kind, s.ref.Name)
	case s.at == eventsTab:
		words = append(words, "events", "--for", kind+"/"+s.ref.Name)
	default:
		words = append(words, s.logs.command()...)
	}
	for i, word := range words {
		words[i] = shellWord(word)
	}
	return strings.Join(words, " ") + "\n"
}

// command is the part of it behind the namespace.
func (l *logs) command() []string {
	run, ok := l.chosen()
	if !ok {
		return []string{"get", "pods"}
	}
	words := []string{"logs", run.pod, "-c", run.container, fmt.Sprintf("--tail=%d", tail), "-f"}
	if l.previous {
		words[len(words)-1] = "--previous"
	}
	return words
}

// shellWord quotes a word for a POSIX shell, if it needs that: names in manifests may be
// anything.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@=", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
