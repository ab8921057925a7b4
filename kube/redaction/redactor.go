package redaction

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

// Redactor redacts the objects of one recording. It is not safe for concurrent use.
type Redactor struct {
	names   map[string]bool
	judged  map[string]bool // flags that rules read
	numbers map[string]int  // of texts, from 1
}

// New returns a redactor that has met nothing yet.
func New() *Redactor {
	r := &Redactor{names: map[string]bool{}, judged: map[string]bool{}, numbers: map[string]int{}}
	for _, flag := range kube.APIServerFlags() {
		r.judged[flag] = true
	}
	return r
}

// Know says that there is an object of a name, so that the name may stay in texts that are
// redacted from now on.
func (r *Redactor) Know(name string) {
	if name != "" {
		r.names[name] = true
	}
}

// Object returns an object, or a part of one such as a pod's spec, in JSON without what is
// to be hidden. The error is that of input that is no JSON.
func (r *Redactor) Object(encoded []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var object any
	if err := decoder.Decode(&object); err != nil {
		return nil, fmt.Errorf("reading it again: %w", err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r.value("", object)); err != nil {
		return nil, fmt.Errorf("writing it again: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Pod is [Redactor.Object] for a pod without its spec, which is written once for many. It
// changes the pod and what it alone points to, but not its annotations. There are so many
// pods that it does without reading their JSON again.
func (r *Redactor) Pod(pod *corev1.Pod) {
	if len(pod.Annotations) > 0 {
		annotations := make(map[string]string, len(pod.Annotations))
		for _, key := range slices.Sorted(maps.Keys(pod.Annotations)) {
			annotations[key] = r.annotation(key, pod.Annotations[key])
		}
		pod.Annotations = annotations
	}
	status := &pod.Status
	status.Message = credential.Strike(status.Message)
	for i := range status.Conditions {
		status.Conditions[i].Message = credential.Strike(status.Conditions[i].Message)
	}
	for _, list := range [...][]corev1.ContainerStatus{status.InitContainerStatuses, status.ContainerStatuses, status.EphemeralContainerStatuses} {
		for i := range list {
			strikeState(&list[i].State)
			strikeState(&list[i].LastTerminationState)
		}
	}
}

func strikeState(s *corev1.ContainerState) {
	if s.Waiting != nil && s.Waiting.Message != "" {
		waiting := *s.Waiting
		waiting.Message = credential.Strike(waiting.Message)
		s.Waiting = &waiting
	}
	if s.Terminated != nil && s.Terminated.Message != "" {
		terminated := *s.Terminated
		terminated.Message = credential.Strike(terminated.Message)
		s.Terminated = &terminated
	}
}

// value redacts what stands under a key, in its place.
func (r *Redactor) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		r.fields(v)
	case []any:
		for i := range v {
			v[i] = r.value(key, v[i])
		}
	case string:
		return r.text(key, v)
	}
	return v
}

func (r *Redactor) fields(object map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(object)) { // numbers follow from it
		below := object[key]
		switch key {
		case "annotations":
			if annotations, ok := below.(map[string]any); ok {
				r.annotations(annotations)
				continue
			}
		case "env", "httpHeaders":
			if pairs, ok := below.([]any); ok {
				r.pairs(pairs)
				continue
			}
		case "command", "args":
			if words, ok := below.([]any); ok {
				r.line(key, words)
				continue
			}
		}
		object[key] = r.value(key, below)
	}
}

// text redacts a text that is not made to hold values: only what looks like a credential
// has to go, by its form or by what its field is called.
func (r *Redactor) text(key, text string) string {
	if key == "message" || key == "note" {
		return credential.Strike(text)
	}
	if what := credential.Form(text); what != "" {
		return credential.Hidden(r.number(text), what)
	}
	if !r.names[text] && credential.Said(key).Literal(text) {
		return credential.HiddenLiteral(r.number(text))
	}
	return text
}

// pairs redacts the values of a list of names and values.
func (r *Redactor) pairs(pairs []any) {
	for _, one := range pairs {
		pair, ok := one.(map[string]any)
		if !ok {
			continue
		}
		name, _ := pair["name"].(string)
		for _, key := range slices.Sorted(maps.Keys(pair)) {
			if value, ok := pair[key].(string); ok && key == "value" {
				pair[key] = r.named(name, value)
				continue
			}
			pair[key] = r.value(key, pair[key])
		}
	}
}

// named redacts the value of something whose name may say that it is a credential.
func (r *Redactor) named(name, value string) string {
	said := credential.Said(name)
	if credential.Form(value) == "" && said.Literal(value) {
		return credential.HiddenLiteral(r.number(value))
	}
	return r.words(value, said != credential.Unsaid)
}

func (r *Redactor) annotations(annotations map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		below := annotations[key]
		value, ok := below.(string)
		if !ok {
			annotations[key] = r.value("", below)
			continue
		}
		annotations[key] = r.annotation(key, value)
	}
}

func (r *Redactor) annotation(key, value string) string {
	if understood(key, value) {
		return value
	}
	return r.named(key, value)
}

// line redacts a command line. A flag says what the word behind it is.
func (r *Redactor) line(key string, words []any) {
	flag := ""
	for i, word := range words {
		text, ok := word.(string)
		if !ok {
			continue
		}
		if i == 0 && key == "command" && isProgram(text) {
			continue
		}
		words[i], flag = r.argument(flag, text)
	}
}

// argument redacts one word behind a flag, "" if it is behind none, and returns the flag
// that it is itself.
func (r *Redactor) argument(behind, text string) (redacted, flag string) {
	name, value, assigned := strings.Cut(text, "=")
	if !isFlag(name, assigned) {
		if strings.HasPrefix(text, "-") && !assigned {
			flag = text
		}
		if r.judged[strings.TrimLeft(behind, "-")] && credential.Form(text) == "" {
			return text, flag
		}
		return r.named(behind, text), flag
	}
	switch {
	case !assigned:
		return text, name
	case r.judged[strings.TrimLeft(name, "-")] && credential.Form(value) == "":
		return text, ""
	}
	return name + "=" + r.named(name, value), ""
}

// number returns the number of a text.
func (r *Redactor) number(text string) int {
	n, met := r.numbers[text]
	if !met {
		n = len(r.numbers) + 1
		r.numbers[text] = n
	}
	return n
}
