package feed

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestTriageOfAClusterThatNeverRests works whenever it may, for as long as a view of a
// huge cluster takes: soon at first and after a time of quiet, and never for more than
// its part of the time.
func TestTriageOfAClusterThatNeverRests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		work  time.Duration
		early int           // at least so many in the first two seconds
		late  time.Duration // between two when it never rests
	}{
		"a small cluster": {time.Millisecond, 19, interval},
		"a large one":     {25 * time.Millisecond, 16, 6 * 25 * time.Millisecond},
		"a huge one":      {200 * time.Millisecond, 5, 6 * 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var p pace
				for range 2 {
					var worked, rested time.Duration
					began, early := time.Now(), 0
					for time.Since(began) < 10*time.Minute {
						at := time.Now()
						time.Sleep(tt.work)
						worked += tt.work
						if time.Since(began) <= 2*time.Second {
							early++
						}
						rested = p.rest(at, time.Now())
						time.Sleep(rested)
					}
					if early < tt.early {
						t.Errorf("in the first two seconds it worked %d times, want %d at the least", early, tt.early)
					}
					if rested.Round(time.Millisecond) != tt.late {
						t.Errorf("at last it rested for %v, want %v", rested, tt.late)
					}
					if most := time.Since(began)/portion + ahead; worked > most {
						t.Errorf("it worked for %v of %v, want %v at the most", worked, time.Since(began), most)
					}
					time.Sleep(portion * ahead)
				}
			})
		})
	}
}
