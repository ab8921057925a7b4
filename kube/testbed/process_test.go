package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWaitForTellsWhyAProcessEnded(t *testing.T) {
	t.Parallel()
	p, err := startProcess(t.TempDir(), "broken", "go", []string{"no-such-command"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = waitFor(ctx, "it", []*process{p}, func(context.Context) error { return errors.New("not yet") })
	if err == nil || !strings.Contains(err.Error(), "broken ended: exit status 2") || !strings.Contains(err.Error(), "no-such-command: unknown command") {
		t.Errorf("error %v, want the exit status and the end of the log", err)
	}
}

func TestLastLines(t *testing.T) {
	t.Parallel()
	if got := string(lastLines([]byte("a\nb\nc\n"), 2)); got != "b\nc" {
		t.Errorf("last two lines %q", got)
	}
	if got := string(lastLines([]byte("a"), 2)); got != "a" {
		t.Errorf("last two lines of one: %q", got)
	}
}

func TestWithoutProxy(t *testing.T) {
	t.Parallel()
	got := withoutProxy([]string{"HOME=/x", "HTTPS_PROXY=http://p", "no_proxy=y", "PROXY_COLOUR=z"})
	if want := []string{"HOME=/x", "PROXY_COLOUR=z"}; !slices.Equal(got, want) {
		t.Errorf("environment %v, want %v", got, want)
	}
}
