package trend

// Most is how many moments are kept at most.
const Most = most

// Moments returns how many moments are kept.
func (l *Log) Moments() int { return len(l.times) }
