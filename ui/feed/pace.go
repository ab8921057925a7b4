package feed

import "time"

// pace keeps work that may never end from taking a core: over a while it is done for no
// more than a part of the time. Who did nothing for a while may first work more than
// that, so that the beginning of an outage, when all depends on it, is told as it comes.
type pace struct {
	credit time.Duration // of work that may be done before that has to be made up for
	seen   time.Time     // up to when time was credited, zero before the first work
}

const (
	// portion is of how many parts of the time one is worked: about 14 % of a core.
	portion = 7
	// ahead is how much work may be done at once after a time of quiet, which takes
	// portion times as long to be credited.
	ahead = time.Second
)

// rest takes in work from one time to another, and returns for how long to rest: as long
// as it took, while that was credited.
func (p *pace) rest(began, ended time.Time) time.Duration {
	took := ended.Sub(began)
	if p.seen.IsZero() {
		p.credit = ahead
	} else {
		p.credit = min(ahead, p.credit+ended.Sub(p.seen)/portion)
	}
	p.credit -= took
	p.seen = ended
	return max(interval, took, portion*-p.credit)
}
