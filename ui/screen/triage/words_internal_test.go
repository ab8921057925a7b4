package triage

import (
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

var noon = time.Date(2026, time.January, 2, 12, 0, 0, 0, time.UTC)

// styled returns styles of the default theme.
func styled(t *testing.T, o style.Options) *style.Styles {
	t.Helper()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	return style.New(theme, o)
}

func TestMoments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		at    time.Time
		clock string
		start string
	}{
		{noon, "12:00:00", "12:00"},
		{noon.Add(-24*time.Hour + time.Second), "12:00:01", "12:00"},
		{noon.Add(-24 * time.Hour), "01-01 12:00", "01-01"},
		{noon.Add(25 * time.Hour), "01-03 13:00", "13:00"}, // clocks differ
		{noon.In(time.FixedZone("", 3600)), "12:00:00", "12:00"},
	} {
		if got := clock(test.at, noon); got != test.clock {
			t.Errorf("clock of %s: got %q, want %q", test.at, got, test.clock)
		}
		b := &briefing.Briefing{Incident: &incident.Incident{Since: test.at}}
		if got := started(b, noon); got != test.start {
			t.Errorf("start at %s: got %q, want %q", test.at, got, test.start)
		}
		b.Estimated = true
		if got := started(b, noon); got != "~"+test.start {
			t.Errorf("estimated start at %s: got %q", test.at, got)
		}
	}
	if got := clock(time.Time{}, noon); got != "" {
		t.Errorf("a moment that is not known is %q", got)
	}
}

func TestLasting(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "<1m", 0: "<1m", 59 * time.Second: "<1m", time.Minute: "1m", 119 * time.Second: "1m", 2 * time.Minute: "2m",
	} {
		if got := lasting(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

func TestStatesInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of   incident.Incident
		seen bool
		want string
	}{
		{incident.Incident{State: incident.Open}, false, "open"},
		{incident.Incident{State: incident.Recovering}, false, "recovering"},
		{incident.Incident{State: incident.Open, Flapping: true}, false, "flapping"},
		{incident.Incident{State: incident.Open, Flapping: true}, true, "acknowledged"},
		{incident.Incident{State: incident.Resolved, Flapping: true}, true, "resolved"},
	} {
		if got := stateOf(&test.of, test.seen); got != test.want {
			t.Errorf("%+v, acknowledged %v: got %q, want %q", test.of.State, test.seen, got, test.want)
		}
	}
}

func TestWhoALineIsAbout(t *testing.T) {
	t.Parallel()
	pod, deployment := kube.Pods.Ref("shop", "web-1"), kube.Deployments.Ref("shop", "web")
	line := func(count, of int, workload kube.Ref) *incident.Line {
		w := triage.Watched{Signal: &triage.Signal{Object: pod, Workload: workload}}
		return &incident.Line{Signal: incident.Signal{Watched: w}, Count: count, Of: of}
	}
	for want, l := range map[string]*incident.Line{
		"po/web-1":            line(1, 0, deployment),
		"po/web-1 1/3 pods":   line(1, 3, deployment),
		"deploy/web 2/3 pods": line(2, 3, deployment),
		"deploy/web ×2":       line(2, 0, deployment),
		"po/web-1 ×2":         line(2, 0, kube.Ref{}),
	} {
		if got := who(l); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	st := styled(t, style.Options{})
	for want, c := range map[string]cause.Cause{
		"a limit (likely, 72 of 100)": {Title: "a limit", Band: cause.Likely, Confidence: 72},
		"a limit (cause, 95 of 100)":  {Title: "a limit", Band: cause.Certain, Confidence: 95},
		"not determined: check it":    {Title: "not determined: check it", Band: cause.NotDetermined, Confidence: 30},
	} {
		if got := named(st, &c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestSecretsAreNotSaid: what looks like one is struck out of words of the cluster, and
// signs that a terminal may not have are replaced.
func TestSecretsAreNotSaid(t *testing.T) {
	t.Parallel()
	const text = "64Mi → 32Mi, token=abcdef0123456789abcdef"
	for want, o := range map[string]style.Options{"64Mi → 32Mi": {}, "64Mi > 32Mi": {Tier: style.ASCII}} {
		if got := said(styled(t, o), text); !strings.HasPrefix(got, want) || strings.Contains(got, "abcdef") {
			t.Errorf("got %q, want %q without the token", got, want)
		}
	}
	c := &change.Change{By: "password=hunter2secret"}
	if got := known(styled(t, style.Options{}), c); strings.Contains(got, "hunter2secret") {
		t.Errorf("who made a change is said as %q", got)
	}
}

func TestChangesNameTheirObjectOnce(t *testing.T) {
	t.Parallel()
	st := styled(t, style.Options{})
	for title, want := range map[string]string{"web: rollout": "web: rollout", "rollout 1 to 2": "deploy/web rollout 1 to 2"} {
		c := &change.Change{Object: kube.Deployments.Ref("shop", "web"), Title: title}
		if got := changed(st, c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestTheTrendBeginsWhenSomebodyLooked, and is as wide as its column.
func TestTheTrendBeginsWhenSomebodyLooked(t *testing.T) {
	t.Parallel()
	st := styled(t, style.Options{})
	hour := make([]int, 60)
	for i := range hour {
		hour[i] = i / 30
	}
	for name, history := range map[string][]int{"an hour": hour, "half an hour": hour[30:], "a minute": {3}, "longer": append([]int{9, 9}, hour...)} {
		if got := style.Width(trend(st, history)); got != trendCells {
			t.Errorf("%s is %d cells wide, want %d", name, got, trendCells)
		}
	}
	if got := trend(st, nil); got != "" {
		t.Errorf("nothing is drawn as %q", got)
	}
	if got := trend(styled(t, style.Options{Tier: style.Spoken}), hour); got != "" {
		t.Errorf("a screen reader is given %q", got)
	}
}
