package logbook_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/seaworthy/ui/logbook"
)

// clock tells a second more each time it is asked.
func clock() func() time.Time {
	now := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

func at(seconds int) time.Time {
	return time.Date(2026, time.January, 1, 12, 0, seconds, 0, time.UTC)
}

func TestEntriesAreCounted(t *testing.T) {
	t.Parallel()
	b := logbook.New(clock())
	b.Add(logbook.Warning, "server", "deprecated")
	b.Add(logbook.Info, "client-go", "starting")
	b.Add(logbook.Warning, "server", "deprecated")
	b.Add(logbook.Error, "server", "deprecated")
	want := []logbook.Entry{
		{Level: logbook.Error, Source: "server", Text: "deprecated", First: at(4), Last: at(4), Count: 1},
		{Level: logbook.Warning, Source: "server", Text: "deprecated", First: at(1), Last: at(3), Count: 2},
		{Level: logbook.Info, Source: "client-go", Text: "starting", First: at(2), Last: at(2), Count: 1},
	}
	if diff := cmp.Diff(want, b.Entries(), cmpopts.IgnoreUnexported(logbook.Entry{})); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestUnseen(t *testing.T) {
	t.Parallel()
	b := logbook.New(clock())
	for i, step := range []struct {
		do   func()
		want int
	}{
		{func() { b.Add(logbook.Info, "a", "mild") }, 0},
		{func() { b.Add(logbook.Warning, "a", "bad") }, 1},
		{func() { b.Add(logbook.Warning, "a", "bad") }, 1},
		{func() { b.Add(logbook.Error, "a", "worse") }, 2},
		{b.Seen, 0},
		{func() { b.Add(logbook.Warning, "a", "bad") }, 1}, // it goes on
	} {
		if step.do(); b.Unseen() != step.want {
			t.Errorf("after step %d, %d are unseen, want %d", i, b.Unseen(), step.want)
		}
	}
}

func TestABookIsBounded(t *testing.T) {
	t.Parallel()
	b := logbook.New(clock())
	b.Add(logbook.Info, "a", "first")
	for i := range logbook.Capacity {
		b.Add(logbook.Info, "a", fmt.Sprint("line ", i))
		if i%10 == 0 {
			b.Add(logbook.Info, "a", "first")
		}
	}
	entries := b.Entries()
	if len(entries) != logbook.Capacity {
		t.Fatalf("%d entries are kept, want %d", len(entries), logbook.Capacity)
	}
	texts := map[string]bool{}
	for _, e := range entries {
		texts[e.Text] = true
	}
	if !texts["first"] || texts["line 0"] || !texts["line 1"] {
		t.Errorf("what was said again goes before what was not: first kept %v, line 0 kept %v, line 1 kept %v", texts["first"], texts["line 0"], texts["line 1"])
	}

	b.Add(logbook.Info, "a", strings.Repeat("é", 4096)+"x")
	if text := b.Entries()[0].Text; len(text) > 4096 || !utf8.ValidString(text) {
		t.Errorf("of a long line %d bytes are kept, valid: %v; want 4096 at most, cut between characters", len(text), utf8.ValidString(text))
	}
	b.Add(logbook.Info, "a", strings.Repeat("\x80", 5000))
	if text := b.Entries()[0].Text; len(text) > 4096 {
		t.Errorf("of a long line of no characters %d bytes are kept", len(text))
	}
}

func TestNextTellsOnce(t *testing.T) {
	t.Parallel()
	b := logbook.New(clock())
	var writing sync.WaitGroup
	for range 4 {
		writing.Go(func() { b.Add(logbook.Info, "a", "x") })
	}
	writing.Wait()
	if !b.Next(t.Context()) {
		t.Error("Next tells of nothing, and four lines were said")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if b.Next(ended) {
		t.Error("Next tells again of what it told")
	}
}

func TestNoBook(t *testing.T) {
	t.Parallel()
	var b *logbook.Book
	b.Add(logbook.Error, "a", "x")
	b.Seen()
	if len(b.Entries()) != 0 || b.Unseen() != 0 {
		t.Errorf("a nil book has %v", b.Entries())
	}
}
