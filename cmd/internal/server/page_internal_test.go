package server

import (
	"context"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestAPageIsWrittenNowAndThen asks for pages of ever newer assessments.
func TestAPageIsWrittenNowAndThen(t *testing.T) {
	t.Parallel()
	format, err := report.FormatNamed("json")
	if err != nil {
		t.Fatal(err)
	}
	b, at := kube.NewBuilder(kube.Info{}), time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	newer := func() *score.Assessment {
		at = at.Add(time.Second)
		return score.Assess(b.Build(at), nil)
	}
	p := newPage(format, nil)
	of := func(a *score.Assessment) *written {
		w, err := p.of(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	a := newer()
	first := of(a)
	p.stays = time.Time{}
	if of(a) != first {
		t.Error("what is known already is written again")
	}
	p.stays = time.Now().Add(time.Hour)
	if of(newer()) != first {
		t.Error("it is written again before it has rested")
	}
	p.stays = time.Time{}
	if second := of(newer()); second == first || second.tag == first.tag || !second.modified.After(first.modified) {
		t.Error("it is not written again after it has rested")
	}
	p.turn <- struct{}{} // somebody writes it
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.of(gone, newer()); err == nil {
		t.Error("who is gone still waits for it")
	}
}
