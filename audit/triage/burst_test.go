package triage_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

func TestBurst(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what         string
		minutes      []int
		since, until int // minutes, -1 for none
	}{
		{"none", nil, -1, -1},
		{"too few", []int{0, 5}, -1, -1},
		{"too far apart", []int{0, 40, 80}, -1, -1},
		{"just enough", []int{30, 0, 10}, 30, 60},
		{"as long as they last", []int{0, 10, 30, 50}, 30, 70},
		{"only the newest", []int{0, 1, 2, 200, 201, 202}, 202, 260},
		{"an old one, and one since", []int{0, 1, 2, 200}, 2, 60},
		{"a gap in the middle", []int{0, 1, 2, 59, 61, 62}, 2, 119},
		{"at the end of the window", []int{0, 1, 60}, -1, -1},
		{"all at once", []int{7, 7, 7}, 7, 67},
	} {
		var moments []time.Time
		for _, m := range test.minutes {
			moments = append(moments, noon.Add(time.Duration(m)*time.Minute))
		}
		since, until, found := triage.Burst(moments, 3, time.Hour)
		if !found {
			if test.since >= 0 {
				t.Errorf("%s: found nothing", test.what)
			}
			continue
		}
		if got := [2]int{int(since.Sub(noon).Minutes()), int(until.Sub(noon).Minutes())}; got != [2]int{test.since, test.until} {
			t.Errorf("%s: from minute %d to %d, want %d to %d", test.what, got[0], got[1], test.since, test.until)
		}
	}
}

// TestBurstIsWhatCountingSays compares with counting at each minute.
func TestBurstIsWhatCountingSays(t *testing.T) {
	t.Parallel()
	const number, window = 3, 20
	for seed := range 2000 {
		var moments []time.Time
		at := map[int]int{}
		x := uint32(seed + 1)
		for range seed % 9 {
			x = x*1664525 + 1013904223
			m := int(x>>16) % 100
			at[m]++
			moments = append(moments, noon.Add(time.Duration(m)*time.Minute))
		}
		enough := func(minute int) bool {
			n := 0
			for m := minute - window + 1; m <= minute; m++ {
				n += at[m]
			}
			return n >= number
		}
		until := 150
		for until >= 0 && !enough(until-1) {
			until--
		}
		since := until
		for since > 0 && enough(since-1) {
			since--
		}
		s, u, found := triage.Burst(moments, number, window*time.Minute)
		if found != (until >= 0) {
			t.Fatalf("seed %d: found %t of %v", seed, found, moments)
		}
		if found && (int(s.Sub(noon).Minutes()) != since || int(u.Sub(noon).Minutes()) != until) {
			t.Fatalf("seed %d: from %s to %s, want from minute %d to %d of %v", seed, s, u, since, until, at)
		}
	}
}
