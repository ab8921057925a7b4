package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wait is what a scenario waits for: objects that are as they should be.
type wait struct {
	APIVersion string `json:"apiVersion"` // "v1" if empty
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	// Name is that of the one object; or Labels and Fields select them.
	Name   string `json:"name,omitempty"`
	Labels string `json:"labels,omitempty"`
	Fields string `json:"fields,omitempty"`
	// Count is how many of those selected must be so, 1 if zero; All says that none
	// may be otherwise.
	Count int  `json:"count,omitempty"`
	All   bool `json:"all,omitempty"`
	// For has what fields must be, by their path: status.conditions[type=Ready].status,
	// spec.containers[0].image. A value may begin with ">=", be "*" for anything but
	// nothing, or null for nothing.
	For map[string]any `json:"for,omitempty"`
	// Gone says that it must not be there.
	Gone bool `json:"gone,omitempty"`
	// Within is how long it may take, "1m" if empty.
	Within string `json:"within,omitempty"`
}

// String says what is waited for.
func (w *wait) String() string {
	parts := []string{w.Kind, w.Name + w.Labels + w.Fields}
	for _, path := range slices.Sorted(maps.Keys(w.For)) {
		parts = append(parts, fmt.Sprintf("%s %v", path, w.For[path]))
	}
	return strings.Join(parts, " ")
}

// await polls until it is so or its time has passed.
func (p *player) await(ctx context.Context, w *wait) error {
	limit := time.Minute
	if w.Within != "" {
		var err error
		if limit, err = time.ParseDuration(w.Within); err != nil {
			return fmt.Errorf("reading how long to wait: %w", err)
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it is not so after %s", limit))
	defer cancel()
	return waitFor(ctx, w.String(), nil, func(ctx context.Context) error { return p.check(ctx, w) })
}

// check returns why it is not so yet.
func (p *player) check(ctx context.Context, w *wait) error {
	objects, err := p.selected(ctx, w)
	if err != nil {
		return err
	}
	if w.Gone {
		if len(objects) > 0 {
			return fmt.Errorf("%d are still there", len(objects))
		}
		return nil
	}
	so := 0
	var other error
	for _, o := range objects {
		if err := w.differs(o); err != nil {
			other = fmt.Errorf("%s: %w", manifest{object: o}.name(), err)
			continue
		}
		so++
	}
	if so < max(w.Count, 1) || w.All && other != nil {
		return errors.Join(fmt.Errorf("%d of %d are so", so, len(objects)), other)
	}
	return nil
}

func (p *player) selected(ctx context.Context, w *wait) ([]object, error) {
	version := w.APIVersion
	if version == "" {
		version = "v1"
	}
	r, err := p.applier.resource(ctx, manifest{object: object{"apiVersion": version, "kind": w.Kind}})
	if err != nil {
		return nil, err
	}
	path := versionPath(version)
	if r.Namespaced {
		path += "/namespaces/" + url.PathEscape(w.Namespace)
	}
	query := url.Values{}
	if w.Labels != "" {
		query.Set("labelSelector", w.Labels)
	}
	fields := w.Fields
	if w.Name != "" {
		fields = "metadata.name=" + w.Name
	}
	if fields != "" {
		query.Set("fieldSelector", fields)
	}
	var list struct {
		Items []object `json:"items"`
	}
	if err := p.client.get(ctx, path+"/"+r.Name+"?"+query.Encode(), &list); err != nil {
		return nil, fmt.Errorf("listing %s: %w", r.Name, err)
	}
	return list.Items, nil
}

// differs returns how an object is not as it should be, nil if it is. A status that
// its controller wrote before it saw the newest spec says nothing.
func (w *wait) differs(o object) error {
	seen, spec := at(o, "status.observedGeneration"), at(o, "metadata.generation")
	if seen != nil && !matches(seen, spec) {
		return fmt.Errorf("generation %v was seen, not %v", seen, spec)
	}
	for path, want := range w.For {
		got := at(o, path)
		if !matches(got, want) {
			return fmt.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	return nil
}

// matches compares a field with what it should be.
func matches(got, want any) bool {
	if want == nil || got == nil {
		return want == got
	}
	text := fmt.Sprint(want)
	if text == "*" {
		return true
	}
	if least, found := strings.CutPrefix(text, ">="); found {
		a, errGot := strconv.ParseFloat(fmt.Sprint(got), 64)
		b, errWant := strconv.ParseFloat(strings.TrimSpace(least), 64)
		return errGot == nil && errWant == nil && a >= b
	}
	return fmt.Sprint(got) == text
}

// segment is a step of a path: a key, and which element of a list: the one with a
// field of a value, or a number.
var segment = regexp.MustCompile(`([^.\[\]]+)|\[([^\]=]+)(?:=([^\]]+))?\]`)

// at returns the field at a path, nil if there is none.
func at(o object, path string) any {
	var value any = o
	for _, part := range segment.FindAllStringSubmatch(path, -1) {
		switch {
		case part[1] != "":
			fields, _ := value.(object)
			value = fields[part[1]]
		case part[3] != "":
			value = elementWith(value, part[2], part[3])
		default:
			elements, _ := value.([]any)
			i, err := strconv.Atoi(part[2])
			if err != nil || i >= len(elements) {
				return nil
			}
			value = elements[i]
		}
	}
	// Numbers of JSON are floats, and print as such when they are large.
	if number, ok := value.(float64); ok {
		return json.Number(strconv.FormatFloat(number, 'f', -1, 64))
	}
	return value
}

// elementWith returns the element of a list whose field has a value, nil if none.
func elementWith(list any, field, text string) any {
	elements, _ := list.([]any)
	for _, e := range elements {
		if fields, ok := e.(object); ok && fmt.Sprint(fields[field]) == text {
			return fields
		}
	}
	return nil
}
