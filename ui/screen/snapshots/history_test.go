package snapshots_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/snapshots"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// days are the recordings of some days: one before a namespace came, one that is gone
// when it is read, and one of another cluster. The newest file is the oldest moment.
func days(t *testing.T) *screentest.Snapshots {
	t.Helper()
	store := &screentest.Snapshots{}
	store.Add("tuesday.seaworthy", screentest.Cluster(t).Build(screentest.Noon.Add(-24*time.Hour)))
	store.Add("wednesday.seaworthy", later(t))
	store.Add("other.seaworthy", kube.NewBuilder(kube.Info{Name: "dev"}).Build(screentest.Noon))
	store.Lose("lost.seaworthy", screentest.Noon.Add(-36*time.Hour))
	young := screentest.Cluster(t)
	young.Delete(kube.Deployments, "checkout", "cart")
	store.Add("monday.seaworthy", young.Build(screentest.Noon.Add(-48*time.Hour)))
	return store
}

// look opens the history on the cluster of an hour later.
func look(t *testing.T, store screen.Snapshots, past func() *snapshots.Past, at string, width, height int, o style.Options, story func(*uitest.Robot, *snapshots.Screen, *screentest.Host)) {
	t.Helper()
	address, err := nav.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	newest := score.Assess(later(t), screentest.Categories())
	open := func() *snapshots.Screen {
		return snapshots.New(address, store, judge, func() *score.Assessment { return newest }, past())
	}
	screentest.Visit(t, open, newest, width, height, o, story)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	modes := map[string]style.Options{"colour": {}, "none": {NoColor: true}, "ascii": {NoColor: true, Tier: style.ASCII}}
	for _, size := range [][2]int{{60, 15}, {80, 24}, {100, 30}, {140, 40}, {200, 50}, {300, 80}} {
		for mode, options := range modes {
			for name, at := range map[string]string{"history": "snapshots?tab=history", "history-ns": "snapshots?tab=history&ns=search"} {
				if name != "history" && mode != "colour" {
					continue
				}
				golden := fmt.Sprintf("%s-%s-%dx%d", name, mode, size[0], size[1])
				t.Run(golden, func(t *testing.T) {
					t.Parallel()
					look(t, days(t), snapshots.NewPast, at, size[0], size[1], options, func(r *uitest.Robot, _ *snapshots.Screen, _ *screentest.Host) {
						r.Expect("2025-12-30 12:00", "failed").ExpectNot("reading").ExpectSelected("2026-01-01 13:00")
						if size == [2]int{80, 24} {
							r.GoldenStyled(golden)
						} else {
							r.Golden(golden)
						}
						for line := range strings.SplitSeq(r.Screen(), "\n") {
							if mode == "ascii" && strings.ContainsFunc(line, func(c rune) bool { return c > '~' }) {
								t.Errorf("not of ASCII: %q", line)
							}
						}
					})
				})
			}
		}
	}
}

// TestHistoryStory goes from the changes to the history, looks at one namespace, and
// compares two of its moments.
func TestHistoryStory(t *testing.T) {
	t.Parallel()
	look(t, days(t), snapshots.NewPast, "snapshots", 140, 30, style.Options{}, func(r *uitest.Robot, s *snapshots.Screen, h *screentest.Host) {
		r.Expect("[Changes]").Press("tab", "tab").Expect("[History]", "Scores of prod-eu-1", "today's rules", "1 of other clusters left out")
		r.ExpectLine("2025-12-31 00:00", "failed", "opening recording lost.seaworthy: there is none").ExpectNot("other.seaworthy")
		r.ExpectSelected("B now").Press("enter").ExpectSelected("> now")
		if _, told := h.Asked[0].(nav.NoticeMsg); !told {
			t.Errorf("asked for %v, want a notice of what is chosen", h.Asked[0])
		}
		r.Press("g").ExpectSelected("monday.seaworthy").Press("enter").Expect("[Changes]").ExpectLine("A", "monday.seaworthy  2025-12-30").ExpectLine("B", "now")
		if got, want := s.Address().String(), "snapshots/monday.seaworthy..now"; got != want {
			t.Errorf("the address is %s, want %s", got, want)
		}
		r.Press("shift+tab").Expect("A monday.seaworthy")
		if err := s.Filter("ns=search|payments change<0"); err != nil {
			t.Fatal(err)
		}
		r.Send(screentest.Nothing{}).ExpectLine("search", "wednesday.seaworthy").ExpectNot("tuesday.seaworthy  ")
		if got, want := s.Address().String(), "snapshots/monday.seaworthy..now?filter=ns%3Dsearch%7Cpayments+change%3C0&tab=history"; got != want {
			t.Errorf("the address is %s, want %s", got, want)
		}
		if err := s.Filter("weather:bad"); err == nil {
			t.Error("a field is taken that there is not")
		}
		r.Press("tab").Expect("[Changes]")
		if s.FilterText() != "" {
			t.Errorf("the changes are filtered by %q", s.FilterText())
		}
	})
}

// TestHistoryIsKept reads each recording once in a session, and one that was written
// anew again.
func TestHistoryIsKept(t *testing.T) {
	t.Parallel()
	store := &counting{Snapshots: days(t)}
	past := snapshots.NewPast()
	keep := func() *snapshots.Past { return past }
	for _, want := range []string{"monday lost other wednesday tuesday", ""} {
		look(t, store, keep, "snapshots?tab=history", 100, 30, style.Options{}, func(r *uitest.Robot, _ *snapshots.Screen, _ *screentest.Host) {
			r.ExpectLine("2025-12-30 12:00", "monday.seaworthy")
		})
		if got := strings.ReplaceAll(strings.Join(store.loaded, " "), ".seaworthy", ""); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
		store.loaded = nil
	}
	store.Add("tuesday.seaworthy", later(t))
	look(t, store, keep, "snapshots?tab=history", 100, 30, style.Options{}, func(r *uitest.Robot, _ *snapshots.Screen, _ *screentest.Host) {
		r.ExpectLine("2026-01-01 13:00", "tuesday.seaworthy")
	})
	if got := strings.Join(store.loaded, " "); got != "tuesday.seaworthy" {
		t.Errorf("read %q, want what was written anew", got)
	}
}

// TestHistoryIsRead: rows say what is being read, keys work meanwhile, and what was not
// seen in full is no change that one could trust.
func TestHistoryIsRead(t *testing.T) {
	t.Parallel()
	store := &screentest.Snapshots{}
	blind := screentest.Cluster(t)
	blind.SetState(kube.State{Resource: kube.Deployments, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list deployments"})
	store.Add("blind.seaworthy", blind.Build(screentest.Noon.Add(-time.Hour)))
	store.Add("seeing.seaworthy", screentest.Cluster(t).Build(screentest.Noon))
	past := func() *snapshots.Past {
		store.Gate = make(chan struct{}) // of the bubble
		return snapshots.NewPast()
	}
	look(t, store, past, "snapshots?tab=history", 100, 30, style.Options{}, func(r *uitest.Robot, _ *snapshots.Screen, _ *screentest.Host) {
		r.WaitFor("seeing.seaworthy: 50 %", time.Second)
		r.Expect("2 to read").ExpectLine("reading", "blind.seaworthy").ExpectSelected("now").Press("g").ExpectSelected("blind.seaworthy")
		close(store.Gate)
		r.WaitFor("% blind.seaworthy", time.Second)
		r.ExpectNot("reading").ExpectLine("12:00", "?", "100 %", "seeing.seaworthy").ExpectSelected("blind.seaworthy")
		store.Add("saved.seaworthy", later(t))
		r.Press("k").ExpectNot("saved.seaworthy").Press("x").WaitFor("% saved.seaworthy", 3*time.Second)
	})
}

// TestHistoryWithoutRecordings has now alone, and says why.
func TestHistoryWithoutRecordings(t *testing.T) {
	t.Parallel()
	for want, store := range map[string]screen.Snapshots{"recordings cannot be read here": nil, "no recording of this cluster yet": &screentest.Snapshots{}} {
		look(t, store, snapshots.NewPast, "snapshots?tab=history", 80, 24, style.Options{}, func(r *uitest.Robot, _ *snapshots.Screen, _ *screentest.Host) {
			r.Expect("History (1): "+want).ExpectSelected("now").Press("enter", "enter", "s", "S", "B").Expect("Which moment is B")
		})
	}
}
